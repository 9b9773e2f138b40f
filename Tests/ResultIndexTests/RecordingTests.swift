import DialogueDomain
import Foundation
import GRDB
import TestFolders
import Testing

@testable import ResultIndex

struct RecordingTests {
  private let folder: TemporaryFolder
  private let writer: IndexWriter
  private let noon = Date(timeIntervalSince1970: 1_800_000_000)

  init() throws {
    folder = try TemporaryFolder()
    writer = try IndexWriter(folder.index)
  }

  private func bundle(_ name: String, digest: String, model: String = "first", dialogues: Int = 3) -> ScoredBundle {
    var source = SyntheticBundles(seed: 7)
    return source.bundle(
      name, digest: SyntheticBundles.digest(digest), model: model, dialogues: dialogues, turns: 2...6)
  }

  @discardableResult
  private func record(_ bundle: ScoredBundle, after seconds: Double = 0) throws -> IndexedBundle {
    try writer.record(bundle, SyntheticBundles.scoring(at: noon.addingTimeInterval(seconds), name: bundle.name))
  }

  private func count(_ change: (inout UtteranceQuery) -> Void = { _ in }) throws -> Int {
    var query = UtteranceQuery()
    change(&query)
    return try IndexReader(folder.index).count(query)
  }

  @Test func everythingOfAnUtteranceComesBack() throws {
    let bundle = bundle("friday.h5", digest: "a")
    try record(bundle)
    let rows = try IndexReader(folder.index).utterances(UtteranceQuery(), detail: .logits)
    #expect(rows.count == bundle.utterances.count)
    for (row, original) in zip(rows, bundle.utterances) {
      #expect(row.dialogue == original.dialogue && row.utterance == original.utterance && row.turn == original.turn)
      #expect(row.speaker == original.speaker && row.start == original.start && row.end == original.end)
      #expect(row.emotion == original.emotion && row.confidence == original.confidence)
      #expect(row.probabilities == original.probabilities && row.branchLogits == original.branchLogits)
      #expect(Modality.allCases.allSatisfy { row.share(of: $0) == original.shares[$0] })
      #expect(row.margin == original.margin && row.stability == nil && row.truth == original.truth)
    }
    let stored = try #require(rows.first?.bundle)
    #expect(stored.name == "friday.h5" && stored.digest == bundle.digest && stored.modelName == "first")
    #expect(stored.emotions == SyntheticBundles.emotions && stored.scored == noon && stored.isCurrent)
    #expect(stored.dialogues == 3 && stored.utterances == rows.count && stored.labelled == rows.count)
    #expect(stored.labelFile == "labels/friday.h5.tsv" && stored.byteCount == 4096 && stored.seconds == 0.125)
    #expect(stored.unknownWords == 0.25)
  }

  /// However many bundles there are, the writer looks none of them through.
  @Test func theWritersQueriesUseIndexes() throws {
    try record(bundle("friday.h5", digest: "a"))
    for sql in [
      "SELECT digest FROM bundle WHERE label_file = 'labels/x.tsv' ORDER BY id DESC LIMIT 1",
      "SELECT EXISTS (SELECT 1 FROM bundle WHERE title = 'x' AND digest <> 'y')",
      "UPDATE bundle SET current = 0 WHERE digest = 'x' AND current",
      "SELECT id FROM bundle WHERE digest = 'x' AND model = 1",
    ] {
      let plan = try writer.queue.read {
        try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String }
      }
      #expect(!plan.contains { $0.hasPrefix("SCAN") && !$0.contains("CONSTANT ROW") }, "\(sql): \(plan)")
    }
  }

  @Test func missingValuesStayMissing() throws {
    var bundle = bundle("friday.h5", digest: "a", dialogues: 1)
    bundle.utterances = [
      ScoredUtterance(
        dialogue: "d", utterance: "u", turn: 0, speaker: "", emotion: ScoredUtterance.unknownEmotion, confidence: 0,
        probabilities: [], branchLogits: [:], shares: [:])
    ]
    try record(bundle)
    let row = try #require(try IndexReader(folder.index).utterances(UtteranceQuery(), detail: .logits).first)
    #expect(row.start == nil && row.end == nil && row.textShare == nil && row.truth == nil && row.margin == nil)
    #expect(row.probabilities.isEmpty && row.branchLogits.isEmpty && row.emotion == "unknown")
    #expect(try IndexReader(folder.index).emotions().last == "unknown")
  }

  @Test func recordingTheSameBytesWithTheSameModelTwiceChangesNothing() throws {
    let bundle = bundle("friday.h5", digest: "a")
    let first = try record(bundle)
    #expect(first.name == "friday.h5" && first.title == "friday.h5" && first.isCurrent)
    #expect(first.labelFile == "labels/friday.h5.tsv" && first.scored == noon)
    let second = try record(bundle, after: 60)
    #expect(second.id == first.id && second.title == first.title && second.isCurrent && second.scored == noon)
    #expect(try count() == bundle.utterances.count)
    #expect(try IndexReader(folder.index).bundles().map(\.scored) == [noon])
  }

  @Test func anotherModelSupersedesAndTheFirstCanComeBack() throws {
    let first = bundle("friday.h5", digest: "a", model: "first")
    let second = bundle("friday.h5", digest: "a", model: "second")
    try record(first)
    try record(second, after: 60)
    let rows = first.utterances.count
    #expect(try count() == rows)
    #expect(try count { $0.allModels = true } == 2 * rows)
    #expect(try count { $0.models = ["first"] } == rows)
    #expect(try IndexReader(folder.index).utterances(UtteranceQuery()).allSatisfy { $0.bundle.modelName == "second" })

    // The label file holds the second model's labels now: the first must score once more.
    let again = try writer.recordAgain(
      name: "friday.h5", bundleDigest: first.digest, modelDigest: first.modelDigest)
    #expect(again == nil)
    let known = try record(first, after: 120)
    #expect(known.isCurrent && known.scored == noon)
    #expect(try count { $0.allModels = true } == 2 * rows)
    #expect(try count() == rows)
    #expect(try IndexReader(folder.index).utterances(UtteranceQuery()).allSatisfy { $0.bundle.modelName == "first" })
  }

  @Test func otherBytesUnderTheSameNameAreToldApartByTheirDigest() throws {
    let first = bundle("friday.h5", digest: "a")
    let second = bundle("friday.h5", digest: "b")
    try record(first)
    let scoring = try record(second, after: 60)
    #expect(scoring.title == "friday.h5 (\(second.digest.prefix(8)))")
    #expect(try count { $0.bundles = ["friday.h5"] } == first.utterances.count + second.utterances.count)
    #expect(try count { $0.bundles = [scoring.title] } == second.utterances.count)
    #expect(try count { $0.bundles = [String(first.digest.prefix(8))] } == first.utterances.count)
    #expect(try count { $0.bundles = ["fri*"] } == first.utterances.count + second.utterances.count)
  }

  @Test func aTitleStaysWhenAnotherModelScoresTheBytes() throws {
    try record(bundle("friday.h5", digest: "a"))
    try record(bundle("friday.h5", digest: "b"))
    try record(bundle("friday.h5", digest: "b", model: "second"))
    try record(bundle("friday.h5", digest: "a", model: "second"))
    let titles = try IndexReader(folder.index).bundles().map(\.title)
    let other = "friday.h5 (\(SyntheticBundles.digest("b").prefix(8)))"
    #expect(titles.sorted() == ["friday.h5", other])
  }

  @Test func theSameBytesUnderAnotherNameAreFoundByBothNames() throws {
    let bundle = bundle("friday.h5", digest: "a")
    try record(bundle)
    var copy = bundle
    copy.name = "copy of friday.h5"
    #expect(try record(copy).name == "friday.h5")
    #expect(try count { $0.allModels = true } == bundle.utterances.count)
    #expect(try count { $0.bundles = ["copy of friday.h5"] } == bundle.utterances.count)
    #expect(try IndexReader(folder.index).aliases(ofDigest: bundle.digest) == ["copy of friday.h5"])
  }

  @Test func anErrorInTheMiddleLeavesNothing() throws {
    let before = bundle("thursday.h5", digest: "z")
    try record(before)
    var broken = bundle("friday.h5", digest: "a")
    // The index holds one utterance per turn of a dialogue: the last row repeats the first.
    broken.utterances.append(broken.utterances[0])
    #expect(throws: IndexError.self) { try record(broken) }
    #expect(try count { $0.allModels = true } == before.utterances.count)
    #expect(try IndexReader(folder.index).bundles().map(\.name) == ["thursday.h5"])
    let reader = try IndexReader(folder.index)
    #expect(try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM dialogue") } == 3)
    broken.utterances.removeLast()
    try record(broken)
    #expect(try count() == before.utterances.count + broken.utterances.count)
  }

  @Test func rowsThatContradictTheirModelAreRefusedInWords() throws {
    var short = bundle("friday.h5", digest: "a")
    short.utterances[1].probabilities.removeLast()
    let error = #expect(throws: IndexError.self) { try record(short) }
    #expect(error?.explanation.found == "6 values" && error?.explanation.expected == "7")
    #expect(error?.explanation.location == "friday.h5: dialogue friday-0, utterance friday-0#1")
  }

  @Test func aReaderSeesWholeBundlesWhileTheDaemonWrites() async throws {
    let reader = try IndexReader(folder.index)
    let writer = writer
    let noon = noon
    async let written: Int = {
      var source = SyntheticBundles(seed: 3)
      for number in 0..<30 {
        let bundle = source.bundle(
          "b\(number).h5", digest: SyntheticBundles.digest("\(number)"), dialogues: 2, turns: 5...5)
        _ = try writer.record(bundle, SyntheticBundles.scoring(at: noon, name: bundle.name))
      }
      return 300
    }()
    var seen = 0
    while seen < 300 {
      let count = try reader.count(UtteranceQuery())
      #expect(count % 10 == 0 && count >= seen)
      seen = count
      await Task.yield()
    }
    #expect(try await written == seen)
  }

  @Test func failuresAreReplacedAndResolved() throws {
    let wrong = Explanation(.data, "feature width is not the model's", at: "friday.h5: /text", found: "100")
    let full = Explanation(.io, "the disk is full")
    func failures() throws -> [String] { try IndexReader(folder.index).failures().map(\.explanation.what) }
    try writer.recordFailure(
      FailureRecord(name: "friday.h5", digest: nil, state: .deferred, time: noon, explanation: full))
    #expect(try failures() == ["the disk is full"])
    try writer.recordFailure(FailureRecord(name: "friday.h5", digest: "d", time: noon, explanation: wrong))
    try writer.recordFailure(FailureRecord(name: "monday.h5", digest: nil, time: noon, explanation: full))
    #expect(try failures() == ["feature width is not the model's", "the disk is full"])
    #expect(try IndexReader(folder.index).failures().first?.explanation == wrong)
    try record(bundle("friday.h5", digest: "a"))
    #expect(try failures() == ["the disk is full"])
    try record(bundle("monday.h5", digest: "b"))
    #expect(try failures().isEmpty)
    var all = FailureQuery()
    all.includesResolved = true
    #expect(try IndexReader(folder.index).failures(all).count == 3)
  }

  /// Killed between recording the failure and moving the bundle, the daemon records it again.
  @Test func aFailureRecordedAgainForTheSameArrivalCountsOnce() throws {
    let wrong = Explanation(.data, "feature width is not the model's", at: "friday.h5: /text", found: "100")
    let failure = FailureRecord(name: "friday.h5", digest: "d", time: noon, explanation: wrong)
    var all = FailureQuery()
    all.includesResolved = true
    func failures() throws -> [FailureRecord] { try IndexReader(folder.index).failures(all) }
    try writer.recordFailure(failure, arrived: noon - 60)
    var again = failure
    again.time = noon + 5
    try writer.recordFailure(again, arrived: noon - 1)
    #expect(try failures() == [again])
    // Put into incoming once more: another attempt, and the first stays in the night it belongs to.
    var later = failure
    later.time = noon + 3600
    try writer.recordFailure(later, arrived: noon + 3000)
    again.isResolved = true
    #expect(try failures() == [again, later])
    // Other bytes of the same name are another bundle.
    let other = FailureRecord(name: "friday.h5", digest: "e", time: noon + 3700, explanation: wrong)
    try writer.recordFailure(other, arrived: noon + 3000)
    #expect(try failures().map(\.isResolved) == [true, true, false])
  }

  @Test func labelsWrittenAgainUnderAnotherNameAreFoundThere() throws {
    let bundle = bundle("friday.h5", digest: "a")
    try record(bundle)
    var copy = bundle
    copy.name = "monday.h5"
    #expect(try record(copy).labelFile == "labels/monday.h5.tsv")
    #expect(try writer.bundleDigest(ofLabels: "labels/friday.h5.tsv") == nil)
  }

  @Test func theLastHeartbeatCounts() throws {
    #expect(try IndexReader(folder.index).heartbeat() == nil)
    var heartbeat = DaemonHeartbeat(
      processID: 42, host: "lab", started: noon, beat: noon, modelName: "m", modelDigest: "d", spool: "/spool",
      version: "1", activity: "scoring friday.h5", waiting: 7)
    try writer.recordHeartbeat(heartbeat)
    heartbeat.beat += 30
    heartbeat.activity = "idle"
    heartbeat.stopped = noon + 31
    try writer.recordHeartbeat(heartbeat)
    #expect(try IndexReader(folder.index).heartbeat() == heartbeat)
  }
}
