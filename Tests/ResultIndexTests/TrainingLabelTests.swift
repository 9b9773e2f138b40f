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

  @Test func dialogueTalliesCountEveryUtteranceOnceAndTurnsAreThoseOfTheDialogue() throws {
    try record("a.h5", trainingLabels: nil)
    try record("b.h5", trainingLabels: nil)
    let reader = try IndexReader(folder.index)
    var tallies: [DialogueTally] = []
    try reader.forEachDialogueTally(UtteranceQuery(allModels: true)) { tallies.append($0) }
    var query = UtteranceQuery()
    query.allModels = true
    let all = try reader.utterances(query)
    #expect(tallies.reduce(0) { $0 + $1.count } == all.count && !all.isEmpty)
    for tally in tallies {
      let same = all.filter {
        $0.bundle.id == tally.bundle && $0.dialogue == tally.dialogue && $0.emotion == tally.emotion
      }
      let sureness = same.map { Sureness(confidence: $0.confidence, isUncertain: $0.isUncertain) }
      #expect(same.count == tally.count)
      #expect(sureness.count { $0 == .sure } == tally.sure && sureness.count { $0 == .unsure } == tally.unsure)
      let turns = try reader.turns(of: tally.dialogue, in: tally.bundle)
      #expect(turns.map(\.turn) == turns.map(\.turn).sorted() && turns.count >= tally.count)
      #expect(turns.allSatisfy { $0.dialogue == tally.dialogue && $0.bundle.id == tally.bundle })
    }
    #expect(try reader.turns(of: "nowhere", in: 1).isEmpty)
  }

  @Test func speakerTimesCountEveryUtteranceOnce() throws {
    try record("a.h5", trainingLabels: nil)
    let reader = try IndexReader(folder.index)
    let times = try reader.speakerTimes()
    #expect(times.reduce(0) { $0 + $1.count } == 2)
    let utterances = try reader.utterances(UtteranceQuery())
    #expect(
      Set(times.map { "\($0.speaker) \($0.emotion) \($0.truth ?? "")" })
        == Set(utterances.map { "\($0.speaker) \($0.emotion) \($0.truth ?? "")" }))
  }
}
