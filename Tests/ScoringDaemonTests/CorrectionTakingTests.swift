import AMBDSGDN
import BundleScoring
import BundleSpool
import Corrections
import DialogueDomain
import Foundation
import LabelFiles
import ResultExport
import ResultIndex
import TestSpools
import Testing

@testable import ScoringDaemon

/// Files of corrections on their way through the spool.
struct CorrectionTakingTests {
  private struct Killed: Error {}

  private let stage: DaemonStage
  private var place: TemporarySpool { stage.place }

  init() throws {
    stage = try DaemonStage()
  }

  private func line(_ turn: String, _ emotion: String, dialogue: String = "d", at: String? = nil) -> String {
    let time = at.map { ",\"at\":\"\($0)\"" } ?? ""
    return
      "{\"dialogue\":\"\(dialogue)\",\"utterance\":\"\(turn)\",\"emotion\":\"\(emotion)\",\"by\":\"Anna\"\(time)}\n"
  }

  private var truths: [String?] {
    get throws { try IndexReader(place.layout.index).utterances(UtteranceQuery()).map(\.truth) }
  }

  @Test func aDaemonTakesCorrectionsAfterTheBundlesBeforeThem() throws {
    try place.put("good", "a.h5")
    try place.put(line("1", "joy") + line("3", "anger"), "anna.corrections.jsonl")
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try truths == [nil, "joy", nil, "anger"])
    #expect(try place.names(\.done) == ["a.h5", "anna.corrections.jsonl"])
    #expect(try place.names(\.corrections).count == 1 && place.names(\.incoming).isEmpty)
    #expect(stage.log.count(of: "msg=\"corrected\"") == 1)
  }

  @Test func theLastOfSeveralCountsAndASecondComingChangesNothing() throws {
    try place.put("good", "a.h5")
    try place.put(line("1", "joy", at: "2020-01-02T00:00:00Z"), "b.corrections.jsonl")
    try place.put(line("1", "anger", at: "2020-01-01T00:00:00Z"), "c.corrections.jsonl")
    _ = try stage.daemon().run(once: true)
    #expect(try truths[1] == "joy")
    let copy = place.layout.incoming.appendingPathComponent("again.corrections.jsonl")
    try FileManager.default.copyItem(at: place.layout.done.appendingPathComponent("c.corrections.jsonl"), to: copy)
    let time = try FileManager.default.attributesOfItem(
      atPath: place.layout.done.appendingPathComponent("c.corrections.jsonl").path)[.modificationDate]
    try FileManager.default.setAttributes([.modificationDate: time as Any], ofItemAtPath: copy.path)
    _ = try stage.daemon().run(once: true)
    #expect(try truths[1] == "joy" && place.names(\.corrections).count == 2)
    #expect(stage.log.count(of: "corrected before, nothing changes") == 1)
  }

  @Test(arguments: [
    ("coffee", "1", "joy", "no scored dialogue has this name"), ("d", "9", "joy", "has no such utterance"),
    ("d", "1", "jo", "Did you mean 'joy'?"),
  ])
  func whatMeansNothingFailsWholeWithItsReason(dialogue: String, turn: String, emotion: String, words: String) throws {
    try place.put("good", "a.h5")
    try place.put(line("0", "joy") + line(turn, emotion, dialogue: dialogue), "anna.corrections.jsonl")
    #expect(try stage.daemon().run(once: true) == 1)
    #expect(try truths == [nil, nil, nil, nil] && place.names(\.corrections).isEmpty)
    #expect(try place.names(\.failed) == ["anna.corrections.jsonl", "anna.corrections.jsonl.error.json"])
    let report = try place.text("anna.corrections.jsonl.error.json", in: \.failed)
    #expect(report.contains(words) && report.contains("line 2"))
    #expect(try stage.index.failures().map(\.name) == ["anna.corrections.jsonl"])
    // Mended, it settles the failure.
    try place.put(line("0", "joy"), "anna.corrections.jsonl")
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try stage.index.failures().isEmpty && truths[0] == "joy")
  }

  /// The dialogue may be in one of the bundles that wait.
  @Test func whileBundlesWaitAnUnknownDialogueIsTriedAgain() throws {
    let claimed = try #require(try place.claimed(line("1", "joy"), "anna.corrections.jsonl"))
    var pipeline = try pipeline { _ in }
    pipeline.othersWait = { true }
    guard case .deferred = try pipeline.process(claimed) else {
      Issue.record("not deferred")
      return
    }
    #expect(try place.names(\.deferred).contains("anna.corrections.jsonl"))
  }

  @Test func nobodySpeaksFromTheFuture() throws {
    try place.put("good", "a.h5")
    try place.put(line("1", "joy", at: "2999-01-01T00:00:00Z"), "anna.corrections.jsonl")
    _ = try stage.daemon().run(once: true)
    let rows = try IndexReader(place.layout.index).utterances(UtteranceQuery())
    #expect(try #require(rows[1].correction?.at) <= stage.world.now + 0.001)
  }

  @Test func anIndexThatIsMadeAnewHasTheCorrections() throws {
    try place.put("good", "a.h5")
    try place.put(line("1", "joy"), "anna.corrections.jsonl")
    _ = try stage.daemon().run(once: true)
    let before = try IndexReader(place.layout.index).utterances(UtteranceQuery())[1].correction
    // What is in done may have been deleted in the course of time.
    try FileManager.default.removeItem(at: place.layout.done.appendingPathComponent("anna.corrections.jsonl"))
    #expect(try stage.daemon().run(once: true, rebuildsIndex: true) == 0)
    let after = try IndexReader(place.layout.index).utterances(UtteranceQuery())[1].correction
    #expect(after?.by == before?.by && after?.at == before?.at && before?.by == "Anna")
    #expect(try truths == [nil, "joy", nil, nil])
  }

  @Test func aDamagedRecordIsPassedOverAndSaid() throws {
    try place.put("nonsense\n", "x.jsonl", in: \.corrections)
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(stage.log.count(of: "a record of corrections is passed over") == 1)
  }

  // MARK: exports

  /// Exports what the index has, changes the text, and drops the file raw into the spool.
  private func drop(_ format: ExportFormat, _ name: String, _ change: (String) -> String) throws {
    let url = place.layout.incoming.appendingPathComponent(name)
    _ = try LabelExport(IndexReader(place.layout.index), UtteranceQuery(), format: format, secondsPerTurn: 3)
      .write(to: url.path, replacing: true)
    let text = try String(contentsOf: url, encoding: .utf8)
    try Data(change(text).utf8).write(to: url)
  }

  /// The label of one utterance in the text of an export becomes another one.
  private static func changing(_ label: String, to other: String) -> (String) -> String {
    { text in text.replacing(label, with: other, maxReplacements: 1) }
  }

  @Test(arguments: [(ExportFormat.csv, "d.csv", ",", ","), (.jsonl, "labels.jsonl", "\"emotion\":\"", "\"")])
  func anExportThatIsDroppedAsItWasSavedIsTruthAndNotScored(
    format: ExportFormat, name: String, before: String, after: String
  ) throws {
    try place.put("good", "a.h5")
    _ = try stage.daemon().run(once: true)
    let rows = try IndexReader(place.layout.index).utterances(UtteranceQuery())
    let label = rows[0].emotion
    let other = try #require(rows[0].bundle.emotions.names.first { $0 != label })
    try drop(format, name, Self.changing(before + label + after, to: before + other + after))
    #expect(try stage.daemon().run(once: true) == 0)
    let now = try IndexReader(place.layout.index).utterances(UtteranceQuery())
    #expect(now.count == rows.count && now.map(\.truth) == [other, nil, nil, nil])
    #expect(now[0].correction?.by == CorrectionFile.ownAccount)
    let done = name.hasSuffix(".csv") ? "d.corrections.csv" : name
    #expect(try place.names(\.done) == ["a.h5", done] && place.names(\.corrections).count == 1)
    #expect(try place.names(\.labels).count == 1)
    // What lies in done says what it is: an index that is made anew scores it neither.
    #expect(try stage.daemon().run(once: true, rebuildsIndex: true) == 0)
    #expect(try truths == [other, nil, nil, nil])
  }

  /// Read ahead in one group, whichever came first.
  @Test func anExportAndItsBundleMayComeTogether() throws {
    try place.put("good", "a.h5")
    _ = try stage.daemon().run(once: true)
    let rows = try IndexReader(place.layout.index).utterances(UtteranceQuery())
    let other = try #require(rows[0].bundle.emotions.names.first { $0 != rows[0].emotion })
    try drop(.csv, "d.csv", Self.changing(",\(rows[0].emotion),", to: ",\(other),"))
    let text = try place.text("d.csv", in: \.incoming)
    for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
      try? FileManager.default.removeItem(at: place.layout.root.appendingPathComponent(name))
    }
    let group = try [place.claimed(text, "d.csv"), place.claimed("good", "a.h5")].compactMap { $0 }
    let outcomes = try pipeline { _ in }.process(group.map { ReadBundle($0, by: FakeIntake()) })
    #expect(outcomes.count == 2 && outcomes[1].claimed.name.text == "d.csv")
    #expect(try truths[0] == other && place.names(\.failed).isEmpty && place.names(\.deferred).isEmpty)
  }

  @Test func anExportInWhichNothingWasChangedIsDoneWithAndSaid() throws {
    try place.put("good", "a.h5")
    _ = try stage.daemon().run(once: true)
    try drop(.csv, "d.csv") { $0 }
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try truths == [nil, nil, nil, nil] && place.names(\.corrections).isEmpty)
    #expect(try place.names(\.done) == ["a.h5", "d.corrections.csv"])
    #expect(stage.log.count(of: "an export in which no label was changed") == 1)
  }

  @Test func whatMayBeEitherFailsAndSaysHowToTellThemApart() throws {
    try place.put("good", "a.h5")
    _ = try stage.daemon().run(once: true)
    try place.put("{\"dialogue\":\"d\",\"utterance\":\"0\",\"emotion\":\"joy\"}\n", "mine.jsonl")
    try place.put("dialogue,emotion,confidence\nelsewhere,joy,1\n", "mine.csv")
    try drop(.webvtt, "d.vtt") { $0 }
    #expect(try stage.daemon().run(once: true) == 1)
    func report(_ name: String) throws -> String { try place.text("\(name).error.json", in: \.failed) }
    #expect(try report("mine.jsonl").contains(".corrections.jsonl"))
    #expect(try report("mine.csv").contains("an utterance or a turn"))
    #expect(try report("d.vtt").contains("subtitles that ambq exported"))
    #expect(try truths == [nil, nil, nil, nil] && place.names(\.done) == ["a.h5"])
  }

  // MARK: crashes

  private func pipeline(_ checkpoint: @escaping (PipelineStep) throws -> Void) throws -> BundlePipeline {
    BundlePipeline(
      spool: place.spool, labels: LabelFileWriter(folder: place.layout.labels, layout: .tsv), intake: FakeIntake(),
      scorer: BundleScorer(TinyModel.model(), threads: 1), index: try IndexWriter(place.layout.index),
      policy: DeferralPolicy(start: 5, factor: 2, limit: 60, giveUpAfter: 600), now: { self.stage.world.now },
      checkpoint: checkpoint)
  }

  /// Killed before any step, the next run leaves one record, one row and the same truth.
  @Test(arguments: [PipelineStep.read, .labels, .index, .staleReport, .done, .end])
  func aKillBeforeAnyStepIsMadeGood(step: PipelineStep) throws {
    let bundle = try #require(try place.claimed("good", "a.h5"))
    _ = try pipeline { _ in }.process(bundle)
    let file = try #require(try place.claimed(line("1", "joy"), "anna.corrections.jsonl"))
    #expect(throws: Killed.self) {
      _ = try pipeline { if $0 == step { throw Killed() } }.process(file)
    }
    #expect(try stage.daemon().run(once: true) == 0)
    #expect(try truths == [nil, "joy", nil, nil])
    #expect(try place.names(\.corrections).count == 1 && place.names(\.active).isEmpty)
    #expect(try place.names(\.done) == ["a.h5", "anna.corrections.jsonl"])
    #expect(try stage.index.contents()["correction"]?.count == 1)
  }
}
