import AMBDSGDN
import AmbqConfiguration
import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
import LabelFiles
import OperatingSystem
import Presentation
import ResultIndex
import TestSpools
import Testing

@testable import ScoringDaemon

struct BundlePipelineTests {
  let place: TemporarySpool
  let writer: IndexWriter
  let index: IndexProbe
  private let now = Date(timeIntervalSince1970: 1_700_000_000)

  init() throws {
    place = try TemporarySpool()
    writer = try IndexWriter(place.layout.index)
    index = IndexProbe(url: place.layout.index)
  }

  func pipeline(
    intake: any BundleSource = FakeIntake(), model: Model = TinyModel.model(), words: Model? = nil,
    layout: LabelLayout = .tsv,
    after seconds: Double = 0
  ) -> BundlePipeline {
    BundlePipeline(
      spool: place.spool, labels: LabelFileWriter(folder: place.layout.labels, layout: layout), intake: intake,
      scorer: BundleScorer(ModelFolder(model, words: words), threads: 1), index: writer,
      policy: DeferralPolicy(start: 5, factor: 2, limit: 60, giveUpAfter: 100),
      now: { now.addingTimeInterval(seconds) })
  }

  /// Puts a bundle into the spool and takes it through.
  @discardableResult
  func run(_ text: String, _ name: String = "friday.h5", with pipeline: BundlePipeline) throws -> BundleOutcome {
    let claimed = try #require(try place.claimed(text, name))
    let outcome = try pipeline.process(claimed)
    #expect(try place.names(\.active).isEmpty)
    return outcome
  }

  private func digest(_ text: String) -> String { FileDigest.sha256(Data(text.utf8)) }

  @Test func aGoodBundleIsLabelledRecordedAndMovedToDone() throws {
    guard case .scored(let recorded, let times, _) = try run("four", with: pipeline()) else {
      Issue.record("not scored")
      return
    }
    #expect(recorded.utterances == 4 && recorded.dialogues == 1 && recorded.labelFile == "labels/friday.tsv")
    #expect(recorded.digest == digest("four") && recorded.modelDigest == "model-1" && recorded.isCurrent)
    #expect(times.reading > 0 && times.scoring > 0 && times.writing > 0)
    #expect(try place.names(\.done) == ["friday.h5"])
    #expect(try place.names(\.labels) == ["friday.tsv"])
    #expect(try place.text("friday.tsv", in: \.labels) == LabelTable.render(TinyModel.scored("four")))
    #expect(try index.rows().map(\.labels) == ["labels/friday.tsv"])
  }

  @Test func aBundleIsScoredByTheModelThatItsTextFeaturesAreFor() throws {
    let words = TinyModel.model("words", extractor: FakeIntake.spokenExtractor)
    for (text, expected) in [("said", "words"), ("four", "model-1")] {
      guard case .scored(let recorded, _, _) = try run(text, "\(text).h5", with: pipeline(words: words)) else {
        Issue.record("not scored")
        return
      }
      #expect(recorded.modelDigest == expected)
      guard case .unchanged = try run(text, "\(text).h5", with: pipeline(words: words)) else {
        Issue.record("scored again")
        return
      }
    }
    #expect(
      try place.text("said.tsv", in: \.labels) == LabelTable.render(TinyModel.scored("said", "said.h5", model: words)))
  }

  /// A real bundle under this name, in `active`.
  private func bundle(_ seed: Int, _ name: String, sidecar: String? = nil) throws -> ClaimedBundle {
    let content = FakeIntake.bundle(Data("seed \(seed)".utf8))
    try BundleWriter().write(content, to: place.layout.incoming.appendingPathComponent(name))
    if let sidecar { try place.put(sidecar + "\n", name + ".sha256") }
    return try #require(try FolderEntry(FileName(name), in: place.layout.incoming).flatMap(place.spool.claim))
  }

  /// A digest file that comes after its bundle is left in `incoming`, where the next bundle of the name finds it.
  @Test func theDigestOfAnEarlierBundleCondemnsNoLaterOne() throws {
    let pipeline = pipeline(intake: BundleReader())
    guard case .scored(let first, _, _) = try pipeline.process(bundle(1, "day.h5")) else {
      Issue.record("the first was not scored")
      return
    }
    guard case .scored(_, _, let notes) = try pipeline.process(bundle(2, "day.h5", sidecar: first.digest)) else {
      Issue.record("the second was not scored")
      return
    }
    #expect(notes.contains { $0.contains("was that of an earlier bundle") && $0.contains("hold/day.h5.sha256.stale") })
    #expect(try place.names(\.hold) == ["day.h5.sha256.stale"] && place.names(\.failed).isEmpty)
    // One that nobody knows still proves a bad copy.
    let unknown = String(repeating: "0", count: 64)
    guard case .failed(_, let explanation) = try pipeline.process(bundle(3, "day.h5", sidecar: unknown)) else {
      Issue.record("a bad copy was scored")
      return
    }
    #expect(explanation.what.contains("does not match"))
  }

  /// Where nobody tells who still writes, what looks like half a copy is given time to become whole.
  @Test func halfACopyWaitsWhereTheKernelDoesNotTellOfWriters() throws {
    var pipeline = pipeline(intake: BundleReader())
    pipeline.now = { Date() }
    let claimed = try bundle(1, "day.h5")
    let whole = try Data(contentsOf: claimed.url)
    try whole.prefix(whole.count / 2).write(to: claimed.url)
    pipeline.mayBeUnfinished = true
    guard case .deferred(let file, let note) = try pipeline.process(claimed) else {
      Issue.record("not deferred")
      return
    }
    try whole.write(to: place.layout.deferred.appendingPathComponent(file.shown))
    let again = try #require(try place.spool.claimDeferred(file, note: note))
    guard case .scored = try pipeline.process(again) else {
      Issue.record("not scored when whole")
      return
    }
    // What has lain there for a minute will not change any more, and where the kernel tells there is no doubt at all.
    for (isOld, mayBeUnfinished) in [(true, true), (false, false)] {
      let claimed = try bundle(isOld ? 2 : 3, "cut.h5")
      let whole = try Data(contentsOf: claimed.url)
      try whole.prefix(whole.count / 2).write(to: claimed.url)
      pipeline.mayBeUnfinished = mayBeUnfinished
      pipeline.now = { Date().addingTimeInterval(isOld ? 120 : 0) }
      guard case .failed = try pipeline.process(claimed) else {
        Issue.record("not failed")
        return
      }
    }
  }

  @Test func whatCannotBeRecordedLeavesNoLabels() throws {
    guard case .failed = try run("huge", with: pipeline()) else {
      Issue.record("not failed")
      return
    }
    #expect(try place.names(\.labels).isEmpty && place.names(\.failed) == ["friday.h5", "friday.h5.error.json"])
  }

  @Test func theSameBytesAndModelChangeNothing() throws {
    try run("four", with: pipeline())
    let labels = place.layout.labels.appendingPathComponent("friday.tsv").path
    let first = try FileManager.default.attributesOfItem(atPath: labels)[.systemFileNumber] as? Int
    guard case .unchanged(let again) = try run("four", with: pipeline()) else {
      Issue.record("scored again")
      return
    }
    guard case .unchanged(let copy) = try run("four", "monday.h5", with: pipeline()) else {
      Issue.record("scored again under another name")
      return
    }
    #expect(again.labelFile == "labels/friday.tsv" && copy.labelFile == "labels/friday.tsv")
    #expect(try place.names(\.done) == ["friday.h5", "monday.h5"])
    #expect(try place.names(\.labels) == ["friday.tsv"])
    #expect(try FileManager.default.attributesOfItem(atPath: labels)[.systemFileNumber] as? Int == first)
    #expect(try index.rows().count == 1)
  }

  /// A try that ended between labels and index leaves labels that no scoring names, once the same bytes have been recorded
  /// under another name.
  @Test(arguments: LabelLayout.allCases)
  func labelsOfATryThatWasNotRecordedGoWhenItsTwinWas(layout: LabelLayout) throws {
    let writer = LabelFileWriter(folder: place.layout.labels, layout: layout)
    let (friday, monday) = (writer.name(stem: "friday"), writer.name(stem: "monday"))
    try writer.write(TinyModel.scored("four"), as: friday)
    try run("four", "monday.h5", with: pipeline(layout: layout))
    try run("four", "friday.h5", with: pipeline(layout: layout))
    #expect(try place.names(\.labels) == [monday])
    #expect(try place.names(\.done) == ["friday.h5", "monday.h5"])
    #expect(try index.rows().map(\.labels) == ["labels/\(monday)"])
    // What is not this bundle's stays.
    try writer.write(TinyModel.scored("another"), as: friday)
    try run("four", "friday.h5", with: pipeline(layout: layout))
    #expect(try place.names(\.labels) == [friday, monday])
  }

  /// The process's own memory, as a file that cannot be read: it may hold the same bytes.
  @Test(arguments: [true, false])
  func aBundleWaitsWhileItsTwinCannotBeRead(isGood: Bool) throws {
    let folder = isGood ? place.layout.done : place.layout.failed
    let text = isGood ? "four" : "bad"
    try FileManager.default.removeItem(at: folder)
    try FileManager.default.createSymbolicLink(at: folder, withDestinationURL: URL(fileURLWithPath: "/proc/self"))
    guard case .deferred(let file, let note) = try run(text, "mem", with: pipeline()) else {
      Issue.record("not deferred")
      return
    }
    // It holds up nobody else, and nothing of it is anywhere.
    #expect(note.cause == .bundle && note.trouble.what.hasPrefix("reading failed"))
    #expect(try place.names(\.labels).isEmpty && index.rows().isEmpty)
    try FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    try Data(text.utf8).write(to: folder.appendingPathComponent("mem"))
    _ = try pipeline().process(try #require(try place.spool.claimDeferred(file, note: note)))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == (isGood ? ["mem"] : ["mem", "mem.error.json"]))
  }

  @Test func labelsThatWereDeletedAreWrittenAgain() throws {
    try run("four", with: pipeline())
    unlink(place.layout.labels.appendingPathComponent("friday.tsv").path)
    try run("four", with: pipeline())
    #expect(try place.names(\.labels) == ["friday.tsv"])
    #expect(try index.rows().count == 1)
  }

  @Test func labelsWrittenAgainUnderAnotherNameAreKnownFromThenOn() throws {
    try run("four", with: pipeline())
    unlink(place.layout.labels.appendingPathComponent("friday.tsv").path)
    try run("four", "monday.h5", with: pipeline())
    #expect(try place.names(\.labels) == ["monday.tsv"])
    guard case .unchanged(let known) = try run("four", "monday.h5", with: pipeline()) else {
      Issue.record("scored again")
      return
    }
    #expect(known.labelFile == "labels/monday.tsv")
  }

  @Test func anotherModelScoresTheSameBytesAnewInTheirPlace() throws {
    let second = TinyModel.model("model-2")
    try run("four", with: pipeline())
    try run("four", with: pipeline(model: second))
    #expect(try place.names(\.labels) == ["friday.tsv"])
    let labels = try LabelTable.render(TinyModel.scored("four", model: second))
    #expect(try place.text("friday.tsv", in: \.labels) == labels)
    #expect(try labels != LabelTable.render(TinyModel.scored("four")))
    #expect(try index.rows().map(\.model) == ["model-1", "model-2"])
    #expect(try place.names(\.done) == ["friday.h5"])
  }

  @Test(arguments: [LabelLayout.tsv, .jsonl, .utterance])
  func namesakesDoNotReplaceEachOther(layout: LabelLayout) throws {
    for text in ["first", "second", "first", "second"] { try run(text, with: pipeline(layout: layout)) }
    let tail = digest("second").prefix(8)
    #expect(try place.names(\.done) == ["friday.h5", "friday~\(tail).h5"])
    #expect(try place.text("friday.h5", in: \.done) == "first")
    let ending = layout == .utterance ? "" : "." + layout.rawValue
    #expect(Set(try place.names(\.labels)) == ["friday\(ending)", "friday~\(tail)\(ending)"])
    #expect(try index.rows().map(\.labels) == ["labels/friday\(ending)", "labels/friday~\(tail)\(ending)"])
  }

  @Test func namesakesStayApartThoughTheFirstLeftDone() throws {
    try run("first", with: pipeline())
    unlink(place.layout.done.appendingPathComponent("friday.h5").path)
    try run("second", with: pipeline())
    #expect(try place.names(\.done) == ["friday~\(digest("second").prefix(8)).h5"])
    #expect(try place.names(\.labels).count == 2)
  }

  @Test func namesThatDifferInTheCaseOfTheirEndingKeepTheirLabels() throws {
    try run("first", "friday.h5", with: pipeline())
    try run("second", "friday.H5", with: pipeline())
    #expect(try place.names(\.labels).count == 2)
  }

  @Test(arguments: ["bad", "two"])
  func aBadBundleGoesToFailedWithItsReport(text: String) throws {
    guard case .failed(let name, let explanation) = try run(text, with: pipeline()) else {
      Issue.record("not failed")
      return
    }
    #expect(name.text == "friday.h5")
    #expect(try place.names(\.failed) == ["friday.h5", "friday.h5.error.json"])
    let report = try #require(place.spool.report(beside: "friday.h5"))
    #expect(report.explanation == explanation && report.digest == digest(text) && report.tries == 1)
    #expect(report.time == now)
    #expect(try place.names(\.labels).isEmpty)
    let failure = FailureRecord(name: "friday.h5", digest: digest(text), time: now, explanation: explanation)
    #expect(try index.failures() == [failure])
  }

  @Test func aMendedBundleTakesItsReportAway() throws {
    try run("bad", with: pipeline())
    unlink(place.layout.failed.appendingPathComponent("friday.h5").path)
    try run("mended", with: pipeline())
    #expect(try place.names(\.failed).isEmpty)
  }

  @Test func transientTroubleIsDeferredAndGivenUpInTheEnd() throws {
    guard case .deferred(let file, let note) = try run("busy", with: pipeline()) else {
      Issue.record("not deferred")
      return
    }
    #expect(note.next == now.addingTimeInterval(5) && note.cause == .bundle)
    #expect(try index.failures().map(\.state) == [.deferred])
    let second = try #require(try place.spool.claimDeferred(file, note: note))
    guard case .deferred(_, let later) = try pipeline(after: 50).process(second) else {
      Issue.record("not deferred again")
      return
    }
    #expect(later.tries == 2 && later.next == now.addingTimeInterval(60))
    let third = try #require(try place.spool.claimDeferred(file, note: later))
    guard case .failed(_, let explanation) = try pipeline(after: 100).process(third) else {
      Issue.record("not given up")
      return
    }
    #expect(explanation.what == "the file is busy, and has done so for too long")
    #expect(place.spool.report(beside: "friday.h5")?.tries == 3)
    #expect(try place.names(\.deferred).isEmpty)
  }

  @Test func troubleOfTheMachineFailsNoBundle() throws {
    try index.setTrouble("the database is locked")
    guard case .deferred(_, let note) = try run("four", with: pipeline()) else {
      Issue.record("not deferred")
      return
    }
    #expect(note.cause == .machine)
    guard case .deferred(_, let badNote) = try run("bad", "bad.h5", with: pipeline()) else {
      Issue.record("not deferred")
      return
    }
    #expect(badNote.cause == .machine && badNote.trouble.what == "the index failed: the database is locked")
    try index.setTrouble(nil)
    let again = try #require(try place.spool.claimDeferred(FileName("friday.h5"), note: note))
    guard case .scored = try pipeline().process(again) else {
      Issue.record("not scored")
      return
    }
  }

  /// Features so large that the network overflows give confidences that are no numbers.
  @Test func whatTheIndexRefusesForItsContentIsTheBundlesFault() throws {
    guard case .failed(_, let explanation) = try run("huge", with: pipeline()) else {
      Issue.record("not failed")
      return
    }
    #expect(explanation.kind == .data && explanation.what == "the confidence is not a number")
    #expect(try place.names(\.failed) == ["friday.h5", "friday.h5.error.json"])
    #expect(try index.rows().isEmpty && index.failures().count == 1)
  }

  @Test func labelsThatCannotBeWrittenAreTroubleOfTheMachine() throws {
    try FileManager.default.removeItem(at: place.layout.labels)
    try Data().write(to: place.layout.labels)
    guard case .deferred(_, let note) = try run("four", with: pipeline()) else {
      Issue.record("not deferred")
      return
    }
    #expect(note.cause == .machine)
    #expect(try index.rows().isEmpty)
    #expect(try place.names(\.done).isEmpty)
  }

  @Test func aBundleThatCanGoNowhereStaysActive() throws {
    for folder in [place.layout.failed, place.layout.deferred] {
      try FileManager.default.removeItem(at: folder)
      try Data().write(to: folder)
    }
    let claimed = try #require(try place.claimed("bad", "friday.h5"))
    guard case .stuck = try pipeline().process(claimed) else {
      Issue.record("not stuck")
      return
    }
    #expect(try place.names(\.active) == ["friday.h5"])
  }

  @Test func aBundleTakenAwayWhileReadIsNoFailure() throws {
    let claimed = try #require(try place.claimed("four", "friday.h5"))
    let intake = FakeIntake { unlink($0.path) }
    guard case .vanished = try pipeline(intake: intake).process(claimed) else {
      Issue.record("not vanished")
      return
    }
    #expect(try place.names(\.failed).isEmpty)
    #expect(try place.names(\.deferred).isEmpty)
  }

  @Test func whatFailsWhileStoppingIsNotHeldAgainstTheBundle() throws {
    let claimed = try #require(try place.claimed("bad", "friday.h5"))
    var stopping = pipeline()
    stopping.isStopping = { true }
    guard case .interrupted = try stopping.process(claimed) else {
      Issue.record("not interrupted")
      return
    }
    #expect(try place.names(\.active) == ["friday.h5"])
  }

  @Test func anErrorWithoutExplanationFailsTheBundleInWords() throws {
    struct Strange: Error {}
    let intake = FakeIntake { _ in throw Strange() }
    guard case .failed(_, let explanation) = try run("four", with: pipeline(intake: intake)) else {
      Issue.record("not failed")
      return
    }
    #expect(explanation.what == "unexpected error: Strange()")
  }
}
