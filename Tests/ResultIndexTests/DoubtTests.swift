import DialogueDomain
import EvaluationStatistics
import Foundation
import TestFolders
import Testing

@testable import ResultIndex

/// What models say of doubt, kept with every label and found again.
@Suite struct DoubtTests {
  private let folder: TemporaryFolder
  private let reader: IndexReader

  /// Of seven labels, the even ones are uncertain; each set holds the label and class 6, anger.
  init() throws {
    folder = try TemporaryFolder()
    var source = SyntheticBundles(seed: 3)
    var bundle = source.bundle("friday.h5", digest: SyntheticBundles.digest("friday"), dialogues: 1, turns: 7...7)
    bundle.promise = DoubtPromise(risk: 0.2, coverage: 0.9)
    for row in bundle.utterances.indices {
      let label = SyntheticBundles.emotions.index(of: bundle.utterances[row].emotion) ?? 0
      bundle.utterances[row].isUncertain = row % 2 == 0
      bundle.utterances[row].labelSet = Set([label, 6]).sorted()
    }
    var older = source.bundle(
      "older.h5", digest: SyntheticBundles.digest("older"), model: "older", dialogues: 1, turns: 4...4)
    older.promise = nil
    let writer = try IndexWriter(folder.index)
    for (place, each) in [bundle, older].enumerated() {
      try writer.record(
        each, SyntheticBundles.scoring(at: Date(timeIntervalSince1970: 1_700_000_000 + Double(place)), name: each.name))
    }
    try writer.close()
    reader = try IndexReader(folder.index)
  }

  @Test func everyLabelKeepsItsVerdictAndItsSet() throws {
    let rows = try reader.utterances(UtteranceQuery())
    #expect(rows.prefix(7).map(\.isUncertain) == [true, false, true, false, true, false, true])
    for row in rows.prefix(7) {
      #expect(row.labelSetNames?.contains("anger") == true && row.labelSetNames?.contains(row.emotion) == true)
    }
    #expect(rows.suffix(4).allSatisfy { $0.isUncertain == nil && $0.labelSet == nil })
  }

  @Test func certainAndUncertainLabelsAreFound() throws {
    var query = UtteranceQuery()
    query.isUncertain = true
    #expect(try reader.count(query) == 4)
    query.isUncertain = false
    #expect(try reader.count(query) == 3 && reader.utterances(query).allSatisfy { $0.isUncertain == false })
  }

  @Test func uncertainLabelsAreCountedWhereAModelSaysSo() throws {
    var counts: [String: Int?] = [:]
    try reader.forEachGroup(.model, UtteranceQuery(), order: GroupOrder(.name)) {
      counts[$0.name] = $0.figures?.uncertain
    }
    #expect(counts == ["meld-minilm": 4, "older": nil])
  }

  @Test func whatMayBeAnEmotionIsFoundByIt() throws {
    var query = UtteranceQuery()
    query.setEmotions = ["anger"]
    #expect(try reader.count(query) == 7)
    query.setEmotions = ["neutral"]
    let neutral = try reader.utterances(UtteranceQuery()).prefix(7).count { $0.emotion == "neutral" }
    #expect(try reader.count(query) == neutral)
  }

  @Test func whatWasPromisedIsComparedWithTheTruth() throws {
    let comparisons = try reader.doubtComparisons(UtteranceQuery())
    #expect(comparisons.count == 1)
    let found = try #require(comparisons.values.first)
    let rows = try reader.utterances(UtteranceQuery()).prefix(7)
    #expect(found.promise == DoubtPromise(risk: 0.2, coverage: 0.9))
    #expect(found.labels == 7 && found.certain == 3 && found.sets == 7)
    #expect(found.wrong == rows.count { $0.isUncertain == false && $0.truth != $0.emotion })
    let held = rows.count { row in row.truth.map { row.labelSetNames?.contains($0) == true } ?? false }
    #expect(found.keptCoverage == Double(held) / 7)
  }

  @Test(arguments: [[], [0], [63], [0, 5, 63]]) func classesAreBits(classes: [Int]) throws {
    #expect(ClassBits.decode(try #require(ClassBits.encode(classes))) == classes)
    #expect(ClassBits.encode([64]) == nil)
  }
}
