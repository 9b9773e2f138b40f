import Foundation
import TestFolders
import Testing

@testable import ResultIndex

/// Lists by confidence that look at a part of the index against the same lists of all of it.
struct SurestUtterancesTests {
  private let folder: TemporaryFolder
  private let writer: IndexWriter
  private let noon = Date(timeIntervalSince1970: 1_800_000_000)

  /// Three blocks of scorings and a few more; half of the confidences are one of ten numbers, so that many are equal.
  init() throws {
    folder = try TemporaryFolder()
    writer = try IndexWriter(folder.index)
    var source = SyntheticBundles(seed: 11, withLogits: false)
    let recordings = (0..<800).map { number in
      let name = "\(number).h5"
      var bundle = source.bundle(name, digest: SyntheticBundles.digest(name), dialogues: 1, turns: 1...3)
      for place in bundle.utterances.indices where (number + place) % 2 == 0 {
        bundle.utterances[place].confidence = (bundle.utterances[place].confidence * 10).rounded() / 10
      }
      return BundleRecording(
        bundle: bundle, scoring: SyntheticBundles.scoring(at: noon + 60 * Double(number), name: name))
    }
    _ = try writer.record(recordings)
    var again = recordings[0].bundle
    (again.modelName, again.modelDigest) = ("second", SyntheticBundles.digest("second"))
    _ = try writer.record(again, SyntheticBundles.scoring(at: noon + 86_400, name: again.name))
  }

  enum Order: String, CaseIterable {
    case surest, leastSure, surestThenSpeaker, leastSureThenLatest

    var order: [UtteranceOrder] {
      switch self {
      case .surest: [UtteranceOrder(.confidence, descending: true)]
      case .leastSure: [UtteranceOrder(.confidence)]
      case .surestThenSpeaker: [UtteranceOrder(.confidence, descending: true), UtteranceOrder(.speaker)]
      case .leastSureThenLatest: [UtteranceOrder(.confidence), UtteranceOrder(.time, descending: true)]
      }
    }
  }

  private func expectTheSame(_ order: Order, _ set: (inout UtteranceQuery) -> Void = { _ in }) throws {
    let reader = try IndexReader(folder.index)
    var query = UtteranceQuery()
    query.order = order.order
    set(&query)
    // Without a limit, everything is sorted.
    let all = try reader.utterances(query).map { "\($0.bundle.id) \($0.utterance)" }
    for (limit, offset) in [(1, 0), (20, 0), (7, 30), (200, 100), (5000, 0)] {
      (query.limit, query.offset) = (limit, offset)
      let found = try reader.utterances(query).map { "\($0.bundle.id) \($0.utterance)" }
      #expect(found == Array(all.dropFirst(offset).prefix(limit)), "\(order) \(limit) \(offset)")
    }
  }

  @Test(arguments: Order.allCases) func listsAreThoseOfAllUtterances(_ order: Order) throws {
    try expectTheSame(order)
    try expectTheSame(order) { $0.emotions = ["anger"] }
    try expectTheSame(order) { ($0.emotions, $0.maximumConfidence) = (["joy", "fear"], 0.7) }
    try expectTheSame(order) { ($0.excludedEmotions, $0.allModels) = (["neutral"], true) }
    try expectTheSame(order) { $0.since = noon + 300 * 60 }
  }

  @Test func equalsStayInTheOrderOfTimeWhenTheClockIsSetBack() throws {
    var source = SyntheticBundles(seed: 12)
    let bundle = source.bundle("early.h5", digest: SyntheticBundles.digest("early"), dialogues: 2, turns: 3...3)
    _ = try writer.record(bundle, SyntheticBundles.scoring(at: noon - 60, name: bundle.name))
    for order in Order.allCases { try expectTheSame(order) }
  }
}
