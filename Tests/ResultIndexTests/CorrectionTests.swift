import DialogueDomain
import EvaluationStatistics
import Foundation
import TestFolders
import Testing

@testable import ResultIndex

/// What people have corrected: whose word is the truth, and what becomes of it.
struct CorrectionTests {
  private let folder: TemporaryFolder
  private let writer: IndexWriter
  private let noon = Date(timeIntervalSince1970: 1_795_348_800)
  private static let digest = SyntheticBundles.digest("friday")

  init() throws {
    folder = try TemporaryFolder()
    writer = try IndexWriter(folder.index)
    try score(model: "old")
  }

  /// A dialogue of three turns, of which the first two have labels of their own.
  private func score(model: String, name: String = "friday.h5", digest: String = Self.digest) throws {
    let rows = (0..<3).map { turn in
      ScoredUtterance(
        dialogue: "tea", utterance: "tea#\(turn)", turn: turn, speaker: "Ross", emotion: "joy", confidence: 0.5,
        probabilities: [Float](repeating: 1 / 7, count: 7), branchLogits: [:], shares: [.text: 1],
        truth: turn < 2 ? "anger" : nil)
    }
    let bundle = ScoredBundle(
      name: name, digest: digest, modelName: model, modelDigest: SyntheticBundles.digest(model),
      emotions: SyntheticBundles.emotions, utterances: rows)
    _ = try writer.record(bundle, SyntheticBundles.scoring(at: noon, name: name))
  }

  private func correction(
    _ turn: Int, _ emotion: String?, by: String = "Anna", after seconds: Double = 0
  ) -> Correction {
    Correction(
      bundleDigest: Self.digest, dialogue: "tea", utterance: "tea#\(turn)", emotion: emotion, by: by,
      at: noon + seconds, account: "root", taken: noon + seconds)
  }

  /// `label/truth/who` of each turn.
  private func rows(_ set: (inout UtteranceQuery) -> Void = { _ in }) throws -> [String] {
    var query = UtteranceQuery()
    set(&query)
    return try IndexReader(folder.index).utterances(query).map {
      "\($0.emotion)/\($0.truth ?? "-")/\($0.correction?.by ?? "-")"
    }
  }

  @Test func aCorrectionIsTheTruthAndTheLabelStays() throws {
    #expect(try rows() == ["joy/anger/-", "joy/anger/-", "joy/-/-"])
    #expect(try writer.record([correction(1, "fear"), correction(2, "joy", by: "Ben")], file: "a.jsonl"))
    #expect(try rows() == ["joy/anger/-", "joy/fear/Anna", "joy/joy/Ben"])
    let reader = try IndexReader(folder.index)
    #expect(try reader.bundles().map(\.labelled) == [3])
    #expect(try reader.utterances(UtteranceQuery())[1].correction?.at == noon)
    let comparison = try reader.truthComparison(UtteranceQuery())
    #expect(comparison.utterances == 3 && comparison.confusion.correct == 1)
  }

  @Test func theLastWordCountsAndAllAreKept() throws {
    try writer.record([correction(0, "fear", after: 60), correction(0, "joy", after: 60)], file: "b.jsonl")
    #expect(try rows()[0] == "joy/joy/Anna")
    // It came later and was said earlier.
    try writer.record([correction(0, "disgust", by: "Ben", after: 30)], file: "c.jsonl")
    #expect(try rows()[0] == "joy/joy/Anna")
    try writer.record([correction(0, "sadness", by: "Ben", after: 90)], file: "a.jsonl")
    #expect(try rows()[0] == "joy/sadness/Ben")
    let known = try #require(
      try IndexReader(folder.index).judgements(of: [correction(0, nil).target])[0])
    #expect(known.own == "anger" && known.truth == "sadness" && known.label == "joy")
    #expect(known.corrections.map(\.emotion) == ["sadness", "joy", "fear", "disgust"])
  }

  @Test func aWithdrawalLetsTheBundlesOwnLabelCountAgain() throws {
    try writer.record([correction(0, "fear"), correction(2, "fear")], file: "a.jsonl")
    try writer.record([correction(0, nil, after: 1), correction(2, nil, after: 1)], file: "b.jsonl")
    #expect(try rows() == ["joy/anger/-", "joy/anger/-", "joy/-/-"])
    #expect(try IndexReader(folder.index).bundles().map(\.labelled) == [2])
    try writer.record([correction(0, "joy", after: 2)], file: "c.jsonl")
    #expect(try rows()[0] == "joy/joy/Anna")
  }

  @Test func aRecordCountsOnce() throws {
    #expect(try writer.record([correction(0, "fear")], file: "a.jsonl"))
    #expect(try !writer.record([correction(0, "fear")], file: "a.jsonl"))
    #expect(try writer.knownCorrectionFiles() == ["a.jsonl"])
    let query = SQLQuery("SELECT count(*) FROM corrections")
    var count: [SQLValue] = []
    _ = try IndexReader(folder.index).select(query, begin: { _ in }) { count = $0 }
    #expect(count == [.integer(1)])
  }

  @Test func correctionsSurviveAnotherModelAndCountForTheOldOneToo() throws {
    try writer.record([correction(1, "fear")], file: "a.jsonl")
    try score(model: "new")
    #expect(try rows() == ["joy/anger/-", "joy/fear/Anna", "joy/-/-"])
    #expect(try rows { $0.allModels = true }.count { $0 == "joy/fear/Anna" } == 2)
    #expect(try IndexReader(folder.index).bundles().map(\.labelled) == [2])
  }

  /// An index that is made anew may get the corrections before the bundles.
  @Test func aBundleThatComesAfterItsCorrectionsFollowsThem() throws {
    let place = try TemporaryFolder()
    let anew = try IndexWriter(place.index)
    try anew.record([correction(1, "fear"), correction(7, "fear")], file: "a.jsonl")
    var source = SyntheticBundles(seed: 1)
    let other = source.bundle("tea.h5", digest: "other", dialogues: 1, turns: 3...3)
    _ = try anew.record(other, SyntheticBundles.scoring(at: noon, name: "tea.h5"))
    #expect(try IndexReader(place.index).utterances(UtteranceQuery()).allSatisfy { $0.correction == nil })
    let bundle = ScoredBundle(
      name: "friday.h5", digest: Self.digest, modelName: "m", modelDigest: "m", emotions: SyntheticBundles.emotions,
      utterances: (0..<3).map {
        ScoredUtterance(
          dialogue: "tea", utterance: "tea#\($0)", turn: $0, speaker: "Ross", emotion: "joy", confidence: 0.5,
          probabilities: [Float](repeating: 1 / 7, count: 7), branchLogits: [:], shares: [:], truth: nil)
      })
    let recorded = try anew.record(bundle, SyntheticBundles.scoring(at: noon, name: "friday.h5"))
    #expect(recorded.labelled == 1)
    var query = UtteranceQuery()
    query.bundles = ["friday.h5"]
    #expect(try IndexReader(place.index).utterances(query).map(\.truth) == [nil, "fear", nil])
  }

  // MARK: what is meant

  private func found(_ request: CorrectionRequest) throws -> CorrectionResolution.Found {
    try IndexReader(folder.index, matching: EmotionMatching(aliases: ["furious=anger"])).resolve([request])[0]
  }

  private func fault(_ request: CorrectionRequest) throws -> CorrectionFault? {
    #expect(throws: CorrectionFault.self) { _ = try found(request) }
  }

  @Test func anUtteranceIsMeantByItsIdOrItsTurn() throws {
    for name in ["tea#2", "2"] {
      let found = try found(CorrectionRequest(dialogue: "tea", utterance: name, emotion: "Furious "))
      #expect(found.target == correction(2, nil).target && found.emotion == "anger" && found.label == "joy")
    }
  }

  @Test func whatIsNotThereIsSaid() throws {
    let dialogue = try fault(CorrectionRequest(line: 4, dialogue: "coffee", utterance: "0", emotion: "joy"))
    #expect(dialogue?.isOfUnknownDialogue == true && dialogue?.explanation.location == "line 4")
    let utterance = try fault(CorrectionRequest(dialogue: "tea", utterance: "3", emotion: "joy"))
    #expect(utterance?.isOfUnknownDialogue == false && utterance?.explanation.expected?.contains("0 to 2") == true)
    let emotion = try fault(CorrectionRequest(dialogue: "tea", utterance: "0", emotion: "angr"))
    #expect(emotion?.explanation.remedy == "Did you mean 'anger'?")
    #expect(try fault(CorrectionRequest(dialogue: "tea", utterance: "0", emotion: "unknown")) != nil)
  }

  @Test func aNameThatTwoBundlesHaveNeedsADigest() throws {
    try score(model: "old", name: "saturday.h5", digest: SyntheticBundles.digest("saturday"))
    let fault = try fault(CorrectionRequest(dialogue: "tea", utterance: "0", emotion: "joy"))
    #expect(fault?.explanation.found == "tea in friday.h5, saturday.h5")
    let request = CorrectionRequest(
      bundleDigest: String(Self.digest.prefix(8)), dialogue: "tea", utterance: "0", emotion: "joy")
    #expect(try found(request).target.bundleDigest == Self.digest)
  }

  // MARK: before and after

  @Test func aPeriodKnowsWhatWasKnownAtItsEnds() throws {
    try writer.record([correction(0, "fear", after: 10)], file: "a.jsonl")
    try writer.record([correction(0, "joy", after: 20), correction(2, "joy", by: "Ben", after: 20)], file: "b.jsonl")
    try writer.record([correction(0, "disgust", after: 30)], file: "c.jsonl")
    let reader = try IndexReader(folder.index)
    #expect(try reader.correctionCounts(since: noon + 15, until: noon + 25) == ["Anna": 1, "Ben": 1])
    var found: [CorrectedUtterance] = []
    try reader.forEachCorrectedBundle(since: noon + 15, until: noon + 25) { found += $0.utterances }
    #expect(found.map(\.before) == ["fear", "anger", nil])
    #expect(found.map(\.after) == ["joy", "anger", "joy"])
    #expect(found.map(\.isCorrected) == [true, false, true])
  }
}
