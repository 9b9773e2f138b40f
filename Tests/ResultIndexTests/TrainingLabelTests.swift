import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import ResultIndex

struct TrainingLabelTests {
  private let folder: TemporaryFolder
  private let writer: IndexWriter

  init() throws {
    folder = try TemporaryFolder()
    writer = try IndexWriter(folder.index)
  }

  private func record(_ name: String, trainingLabels: [Int]?) throws {
    var source = SyntheticBundles(seed: 7)
    var bundle = source.bundle(name, digest: SyntheticBundles.digest(name), dialogues: 1, turns: 2...2)
    bundle.trainingLabels = trainingLabels
    _ = try writer.record(bundle, SyntheticBundles.scoring(at: Date(timeIntervalSince1970: 1_800_000_000), name: name))
  }

  @Test func aModelKeepsTheTrainingLabelsItFirstTold() throws {
    try record("a.h5", trainingLabels: nil)
    #expect(try IndexReader(folder.index).bundles().map(\.trainingLabels) == [nil])
    try record("b.h5", trainingLabels: [7, 6, 5, 4, 3, 2, 1])
    try record("c.h5", trainingLabels: nil)
    let kept = try IndexReader(folder.index).bundles().map(\.trainingLabels)
    #expect(kept == [[Int]?](repeating: [7, 6, 5, 4, 3, 2, 1], count: 3))
  }

  @Test func labelsThatDoNotFitTheClassesAreNotBelieved() throws {
    try record("a.h5", trainingLabels: [1, 2])
    #expect(try IndexReader(folder.index).bundles().map(\.trainingLabels) == [nil])
  }

  @Test func theLabelsOfAPeriodAreEveryUtteranceOnceAndTurnsAreThoseOfTheDialogue() throws {
    try record("a.h5", trainingLabels: nil)
    try record("b.h5", trainingLabels: nil)
    let reader = try IndexReader(folder.index)
    let (emotions, dialogues) = (try reader.emotionNames(), try reader.dialogueNames(allModels: true))
    var query = UtteranceQuery()
    query.allModels = true
    let all = try reader.utterances(query)
    var found: [(scoring: Int64, label: NumberedLabel)] = []
    try reader.forEachScoringsLabels(UtteranceQuery(allModels: true)) { scoring, labels in
      found += labels.map { (scoring, $0) }
    }
    let speakers = try reader.speakerNames(Set(found.map(\.label.speaker)))
    var told: [String] = []
    for (scoring, label) in found {
      let dialogue = try #require(dialogues[label.dialogue])
      let truth = label.truth.flatMap { emotions[$0] } ?? ""
      told.append(
        "\(scoring) \(dialogue) \(speakers[label.speaker] ?? "") \(emotions[label.emotion] ?? "") \(truth)"
          + " \(label.confidence) \(String(describing: label.isUncertain))")
      let turns = try reader.turns(of: dialogue, in: scoring)
      #expect(turns.map(\.turn) == turns.map(\.turn).sorted() && !turns.isEmpty)
      #expect(turns.allSatisfy { $0.dialogue == dialogue && $0.bundle.id == scoring })
    }
    let expected = all.map {
      "\($0.bundle.id) \($0.dialogue) \($0.speaker) \($0.emotion) \($0.truth ?? "") \($0.confidence)"
        + " \(String(describing: $0.isUncertain))"
    }
    #expect(told == expected && !told.isEmpty)
    #expect(try reader.turns(of: "nowhere", in: 1).isEmpty)
  }

  @Test func labelsOfInterleavedDialoguesStandTogether() throws {
    var source = SyntheticBundles(seed: 3)
    var bundle = source.bundle("a.h5", digest: SyntheticBundles.digest("a.h5"), dialogues: 2, turns: 3...3)
    bundle.utterances = [0, 3, 1, 4, 2, 5].map { bundle.utterances[$0] }
    _ = try writer.record(
      bundle, SyntheticBundles.scoring(at: Date(timeIntervalSince1970: 1_800_000_000), name: "a.h5"))
    var dialogues: [Int64] = []
    try IndexReader(folder.index).forEachScoringsLabels(UtteranceQuery()) { _, labels in
      dialogues += labels.map(\.dialogue)
    }
    #expect(dialogues.count == 6 && dialogues == dialogues.sorted() && Set(dialogues).count == 2)
  }
}
