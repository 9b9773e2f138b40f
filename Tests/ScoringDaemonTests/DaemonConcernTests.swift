import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import Logging
import NightReports
import OperatingSystem
import ResultIndex
import TestSpools
import Testing

@testable import ScoringDaemon

/// Each concern of the daemon by itself, without the loop that drives them.
struct DaemonConcernTests {
  private let stage: DaemonStage
  private let index: IndexWriter
  private let parts: DaemonParts
  private let signals: SignalRequests
  private let pause: QueuePause
  private let arrivals: ArrivalMonitor
  private let watchdog = Watchdog()

  init() throws {
    stage = try DaemonStage()
    index = try IndexWriter(stage.index.url)
    parts = try DaemonParts(stage.assembly)
    signals = SignalRequests(try SignalPipe())
    pause = QueuePause(stage.place.spool, stage.surroundings)
    arrivals = ArrivalMonitor(stage.place.spool, signals, stage.surroundings, parts.settings, at: stage.world.now)
    try arrivals.begin(parts)
  }

  private var now: Date { stage.world.now }
  private var place: TemporarySpool { stage.place }

  private func work() -> BundleWork {
    BundleWork(place.spool, arrivals, pause, signals, watchdog, LastWords(), stage.surroundings)
  }

  private func runner() -> ProbeRunner {
    ProbeRunner(place.spool, pause, signals, watchdog, stage.surroundings)
  }

  /// Takes everything that waits through the pipeline.
  private func score(_ work: BundleWork) throws {
    while arrivals.queue.hasWork(at: now) && pause.isOver(at: now) {
      try work.scoreNext(parts, index) { _ in }
    }
  }

  // MARK: Waiting after trouble

  @Test func eachFurtherWaitIsLongerAndSuccessEndsThem() {
    let policy = DeferralPolicy(start: 5, factor: 2, limit: 60, giveUpAfter: 100)
    var backOff = BackOff()
    #expect(backOff.isOver(at: now) && backOff.end(after: now) == nil)
    var waits: [Double] = []
    for _ in 0..<5 {
      backOff.begin(at: now, policy: policy)
      waits.append(backOff.until.map { $0.timeIntervalSince(now) } ?? 0)
    }
    #expect(waits == [5, 10, 20, 40, 60] && backOff.tries == 5)
    #expect(!backOff.isOver(at: now + 59) && backOff.isOver(at: now + 60))
    backOff.clockWasSetBack(to: now - 3600)
    #expect(backOff.isOver(at: now - 3600) && backOff.tries == 5)
    backOff.end()
    #expect(backOff.tries == 0 && backOff.until == nil)
  }

  @Test func aPauseKeepsItsReasonUntilSomethingGoesWell() {
    pause.begin(Explanation(.io, "the disk is full"), parts)
    #expect(pause.isTroubled && !pause.isOver(at: now) && pause.reason == "the disk is full")
    #expect(pause.error.explanation.what == "the queue is paused: the disk is full")
    pause.end(parts)
    pause.end(parts)
    #expect(!pause.isTroubled && pause.isOver(at: now) && pause.reason.isEmpty)
    #expect(stage.log.count(of: "paused: the disk is full") == 1 && stage.log.count(of: "the queue goes on") == 1)
  }

  // MARK: Signals and heartbeat

  @Test func signalsAskForAReloadOnceAndForAStopForGood() {
    signals.take(SIGHUP, parts.logger)
    #expect(!signals.isStopping && signals.takeReload() && !signals.takeReload())
    #expect(!signals.hasStopArrived(parts.logger))
    signals.pipe.send(SIGINT)
    #expect(signals.hasStopArrived(parts.logger) && signals.isStopping)
    #expect(stage.log.count(of: "msg=\"stopping\" signal=2") == 1)
  }

  @Test func theHeartbeatComesByTheClockAndWithWhatTakesLong() throws {
    let reader = try IndexReader(stage.index.url)
    let heartbeat = Heartbeat(place.spool, LastWords(), version: "9", at: now)
    heartbeat.activity = "idle"
    heartbeat.beatIfDue(at: now, parts, index, waiting: 3)
    let first = try #require(try reader.heartbeat())
    #expect(first.host == DaemonHeartbeat.thisHost && first.version == "9" && first.modelDigest == "model-1")
    #expect(first.activity == "idle" && first.waiting == 3 && first.stopped == nil)
    let seconds = parts.settings.daemon.heartbeatSeconds
    #expect(heartbeat.next == now + seconds)
    // Soon after a heartbeat a short bundle is not worth another one; later it is.
    heartbeat.begin("scoring a.h5", at: now + seconds / 4, parts, index, waiting: 2)
    #expect(try reader.heartbeat()?.activity == "idle" && heartbeat.activity == "scoring a.h5")
    heartbeat.begin("scoring b.h5", at: now + seconds * 0.75, parts, index, waiting: 1)
    #expect(try reader.heartbeat()?.activity == "scoring b.h5")
    heartbeat.stop(at: now + seconds, parts, index, waiting: 0)
    let last = try #require(try reader.heartbeat())
    #expect(last.activity == "stopped" && last.stopped == last.beat && last.started == first.started)
  }

  // MARK: Arrivals

  @Test func noticesAndListingsFillTheQueue() throws {
    try place.put("good", "a.h5")
    arrivals.take(.renamedIn(FileName("a.h5")), parts)
    #expect(arrivals.queue.count == 1 && arrivals.queue.hasWork(at: now))
    try place.put("good", "b.h5")
    try place.put("x", "notes.odt")
    arrivals.take(.closed(FileName("notes.odt")), parts)
    try arrivals.scanIfDue(at: now, parts)
    #expect(arrivals.queue.count == 2 && arrivals.openCount == 0 && !arrivals.isDrained)
    #expect(stage.log.count(of: "file=notes.odt") == 1)
    // Not due again before its time, unless asked for.
    try place.put("good", "c.h5")
    try arrivals.scanIfDue(at: now + 1, parts)
    #expect(arrivals.queue.count == 2)
    arrivals.scan(by: now + 1)
    try arrivals.scanIfDue(at: now + 1, parts)
    #expect(arrivals.queue.count == 3)
  }

  @Test func droppedNoticesBringTheListingForward() throws {
    try arrivals.scanIfDue(at: now, parts)
    #expect(arrivals.nextScan > now)
    arrivals.take(.overflow, parts)
    #expect(arrivals.nextScan == now)
    arrivals.clockWasSetBack(to: now - 60, parts)
    #expect(arrivals.nextScan == now - 60)
  }

  @Test func aSpoolThatWasReplacedIsNotListed() throws {
    try FileManager.default.removeItem(at: place.layout.root)
    try Data().write(to: place.layout.root)
    #expect(throws: DaemonError.self) { try arrivals.scanIfDue(at: now, parts) }
  }

  // MARK: Scoring

  @Test func workCountsWhatBecameOfEachBundle() throws {
    let work = work()
    try work.scoreNext(parts, index) { _ in }
    var begun: [String] = []
    for (text, name) in [("good", "a.h5"), ("good", "b.h5"), ("bad", "c.h5"), ("busy", "d.h5")] {
      _ = try stage.rename(text, name)
      arrivals.take(.renamedIn(FileName(name)), parts)
      try work.scoreNext(parts, index) { begun.append($0) }
    }
    #expect(begun == ["a.h5", "b.h5", "c.h5", "d.h5"])
    let tally = work.tally
    #expect(tally.scored == 1 && tally.unchanged == 1 && tally.failed == 1 && tally.deferred == 1)
    #expect(tally.leftUndone == 2 && arrivals.queue.count == 1 && !pause.isTroubled)
  }

  @Test func withoutSpaceNoBundleIsTouched() throws {
    var surroundings = stage.surroundings
    surroundings.freeBytes = { _ in 1000 }
    let work = BundleWork(place.spool, arrivals, pause, signals, watchdog, LastWords(), surroundings)
    try arrivals.take(stage.rename("good", "a.h5")[0], parts)
    try work.scoreNext(parts, index) { _ in }
    #expect(pause.isTroubled && pause.reason.contains("too little space") && arrivals.queue.count == 1)
    #expect(try place.names(\.incoming) == ["a.h5"])
  }

  @Test func anIndexElsewhereNeedsSpaceToo() throws {
    let elsewhere = place.layout.hold.appendingPathComponent("index.sqlite")
    var surroundings = stage.surroundings
    surroundings.freeBytes = { [hold = place.layout.hold] in $0.path == hold.path ? 1000 : 1 << 40 }
    let spool = Spool(SpoolLayout(root: place.layout.root, index: elsewhere))
    let work = BundleWork(spool, arrivals, pause, signals, watchdog, LastWords(), surroundings)
    try arrivals.take(stage.rename("good", "a.h5")[0], parts)
    try work.scoreNext(parts, index) { _ in }
    #expect(pause.isTroubled && pause.reason.contains("too little space is left on the index's filesystem"))
  }

  // MARK: Probing

  @Test func aRunnerStartsAProbeThenRecordsItThenRests() throws {
    try arrivals.take(stage.rename("four", "a.h5")[0], parts)
    try score(work())
    let runner = runner()
    var begun: [String] = []
    #expect(try runner.step(at: now, parts, index) { begun.append($0) })
    #expect(begun == ["a.h5"] && runner.current?.name == "a.h5" && runner.count == 0)
    #expect(try stage.index.probes() == ["pending"])
    #expect(try runner.step(at: now, parts, index) { begun.append($0) })
    #expect(runner.current == nil && runner.count == 1)
    #expect(try stage.index.probes() == ["done"])
    #expect(try !runner.step(at: now, parts, index) { begun.append($0) } && begun.count == 1)
  }

  @Test func transientTroubleOfAProbeDelaysProbesAlone() throws {
    try arrivals.take(stage.rename("four", "a.h5")[0], parts)
    try score(work())
    stage.intake = FakeIntake { _ in throw FakeError.busy }
    let parts = try DaemonParts(stage.assembly)
    let runner = runner()
    _ = try runner.step(at: now, parts, index) { _ in }
    _ = try runner.step(at: now, parts, index) { _ in }
    #expect(runner.nextTry(after: now) != nil && runner.current == nil && !pause.isTroubled)
    #expect(try !runner.step(at: now, parts, index) { _ in })
    #expect(try stage.index.probes() == ["pending"])
    runner.clockWasSetBack(to: now - 60)
    #expect(runner.nextTry(after: now - 60) == nil)
  }

  // MARK: Reports

  @Test func aNightThatCannotBeReportedDoesNotKeepOthersFromIt() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let schedule = ReportSchedule(at: ClockTime(hour: 2), calendar: calendar)
    let nights = Array(schedule.open(at: now).suffix(2))
    for night in nights {
      var scored = try TinyModel.scored("four")
      scored.digest = night.date.text
      let time = night.start + 60
      try index.record(
        scored, ScoringRecord(arrived: time, scored: time, seconds: 1, labelFile: night.date.text, byteCount: 1))
    }
    // A folder in the place of a report cannot be replaced by a file.
    let blocked = place.layout.nightReports.appendingPathComponent("\(nights[0].date.text).html")
    try FileManager.default.createDirectory(
      at: blocked.appendingPathComponent("full"), withIntermediateDirectories: true)
    let round = ReportRound(layout: place.layout, settings: parts.settings, logger: parts.logger)
    let after = round.run(schedule, at: now)
    #expect(stage.log.count(of: "no nightly report") == 1 && stage.log.count(of: "wrote the nightly report") == 1)
    #expect(after.open(at: now).contains(nights[0]))
    #expect(NightReportFiles(place.layout.nightReports).counts(of: nights[1])?.bundles == 1)
    try FileManager.default.removeItem(at: blocked)
    _ = round.run(after, at: now)
    #expect(NightReportFiles(place.layout.nightReports).counts(of: nights[0])?.bundles == 1)
  }

  @Test func anIndexThatCannotBeOpenedIsReportedOnce() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let layout = SpoolLayout(root: place.layout.root, index: place.layout.root.appendingPathComponent("none.sqlite"))
    let round = ReportRound(layout: layout, settings: parts.settings, logger: parts.logger)
    let schedule = ReportSchedule(at: ClockTime(hour: 2), calendar: calendar)
    #expect(round.run(schedule, at: now).open(at: now).count == ReportSchedule.reach)
    #expect(stage.log.count(of: "no nightly report: there is no index here") == 1)
  }
}
