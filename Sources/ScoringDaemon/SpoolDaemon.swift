import AmbqConfiguration
import BundleScoring
import BundleSpool
import DialogueBundles
import DialogueDomain
import Foundation
import Logging
import OperatingSystem

/// The daemon of one spool: waits for bundles and takes each through the pipeline, one at a time, until told to stop.
///
/// One thread does everything but probing: it alone waits for the kernel, for signals and for the clock, scores in between,
/// and writes all results.
/// Notices that come meanwhile wait in the kernel; should they be too many, the folder is listed again.
public final class SpoolDaemon {
  let assembly: DaemonAssembly
  let surroundings: DaemonSurroundings
  let signals: SignalPipe
  let spool: Spool
  let started: Date
  let watchdog = Watchdog()
  let prober = ProbeWorker()

  // Replaced on reload.
  var settings: AmbdConfiguration
  var probes: ProbePolicy?
  var model: any EmotionModel
  var intake: any BundleSource
  var logger: Logger

  // Taken hold of at the start.
  var lock: SpoolLock?
  var ledger: (any ResultLedger)?
  var reports: (any ReportWriter)?
  var watch: any ArrivalWatch
  var filesystem: FilesystemKind
  var rootIdentity: FolderIdentity?

  // The state of the work.
  var queue: WorkQueue
  var pause = QueuePause()
  /// After transient trouble of a probe.
  var probePause = QueuePause()
  var tally = DaemonTally()
  var activity = "starting"
  var isStopping = false
  /// True for a run that ends when nothing is left to do.
  var endsWhenDrained = false
  var wantsReload = false
  var hasLostWatch = false
  /// The latest look at the clock.
  var latest: Date
  var nextScan: Date
  var nextShelfScan: Date
  var nextBeat: Date
  var nextReport: Date
  let reportRounds = ReportRounds()
  var knownForeign: Set<FileName> = []

  /// Reads the configuration and loads the model; the spool is not touched before `run`.
  ///
  /// - Throws: `SettingError`, or whatever the assembly throws for the model.
  public init(_ assembly: DaemonAssembly, signals: SignalPipe, surroundings: DaemonSurroundings) throws {
    self.assembly = assembly
    self.surroundings = surroundings
    self.signals = signals
    let loaded = try assembly.configuration()
    settings = loaded.values
    probes = try ProbePolicy(settings.probes)
    logger = assembly.logger(settings)
    for warning in loaded.warnings { logger.warning("\(warning)") }
    model = try assembly.model(settings)
    intake = try assembly.intake(settings)
    spool = Spool(settings.layout)
    filesystem = FilesystemKind(of: settings.spool)
    watch = PollingWatch(signals: signals)
    queue = WorkQueue(
      arrivals: ArrivalQueue(settleSeconds: settings.watch.settleSeconds, capacity: surroundings.capacity))
    started = surroundings.now()
    latest = started
    nextScan = started
    nextShelfScan = started
    nextBeat = started
    nextReport = started
  }

  /// Works until a signal says stop, or, with `once`, until nothing is left to do.
  ///
  /// - Returns: the exit code: 0, or with `once` 1 where a bundle failed or was deferred.
  /// - Throws: an `ExplainedError` where the daemon cannot start or go on; claimed bundles are taken up by the next run.
  public func run(once: Bool) throws -> Int32 {
    try start()
    endsWhenDrained = once
    defer { prober.end() }
    while !isStopping {
      watchdog.progress()
      let now = surroundings.now()
      if now < latest { clockWasSetBack(to: now) }
      latest = now
      activity =
        pause.isOver(at: now) ? prober.task.map { "probing \($0.name)" } ?? "idle" : "paused: \(pause.reason)"
      try attendToClock(now)
      let canWork = pause.isOver(at: now) && queue.hasWork(at: now)
      // Labels come first: a probe that is under way pauses while bundles wait, and none begins.
      prober.hold(canWork)
      let canGoOn = try canWork || pause.isOver(at: now) && probeOnce(at: now)
      if !canGoOn && once && isDrained && prober.task == nil { break }
      attendToReports(now)
      absorb(try watch.wait(canGoOn ? 0 : secondsToNext(from: now)))
      if wantsReload { reload() }
      if canWork && !isStopping { try workOnce() }
      if once && pause.isTroubled { throw houseTrouble() }
    }
    if once && !isStopping { writeReports() }
    stop()
    return once && tally.leftUndone > 0 ? 1 : 0
  }

  private func start() throws {
    try spool.prepare()
    lock = try SpoolLock(spool.layout)
    try spool.checkMoves()
    rootIdentity = FolderIdentity(spool.layout.root)
    ledger = try assembly.ledger(spool.layout)
    reports = assembly.reports(spool.layout)
    filesystem = FilesystemKind(of: spool.layout.incoming)
    // Watched first, listed then: what comes in between is seen twice rather than never.
    beginWatching()
    queue.resume(try spool.recover())
    watchdog.start(surroundings.notifier, patience: settings.daemon.stallSeconds)
    logger.info(
      "started",
      metadata: [
        "spool": "\(spool.layout.root.path)", "model": "\(model.name)", "model_digest": "\(model.digest.prefix(8))",
        "watch": watch.tellsOfArrivals ? "inotify" : "poll", "filesystem": "\(filesystem.name)",
        "waiting": .stringConvertible(queue.count), "version": "\(assembly.version)",
      ])
    surroundings.notifier.notify(.ready, status: "watching \(spool.layout.incoming.path)")
  }

  /// What the clock says is due: a listing of the folders, a heartbeat.
  private func attendToClock(_ now: Date) throws {
    let isEmptyHanded = queue.arrivals.leftSomeBehind && !queue.arrivals.hasReady(at: now)
    if now >= nextScan || isEmptyHanded { try scan(at: now) }
    if now >= nextBeat { beat(at: now) }
  }

  /// Deadlines of the old time would lie far ahead of the new.
  private func clockWasSetBack(to now: Date) {
    logger.notice("the clock was set back", metadata: ["seconds": .stringConvertible(latest.timeIntervalSince(now))])
    nextScan = now
    nextShelfScan = now
    nextBeat = now
    nextReport = now
    reportRounds.clockWasSetBack()
    pause.clockWasSetBack(to: now)
    probePause.clockWasSetBack(to: now)
    queue.arrivals.clockWasSetBack(to: now)
    queue.shelf.clockWasSetBack(to: now, longestWait: settings.deferral.limitSeconds)
  }

  /// Whether nothing is left that could be done by waiting a little.
  private var isDrained: Bool {
    let settling = queue.arrivals.count - queue.arrivals.openCount
    return settling == 0 && !queue.arrivals.leftSomeBehind
  }

  private func secondsToNext(from now: Date) -> Double {
    // While paused, only the end of the pause can bring work.
    let work = pause.isOver(at: now) ? queue.nextDeadline : pause.until
    let next =
      [nextScan, nextBeat, nextReport, work ?? nextScan, probePause.end(after: now) ?? nextScan].min() ?? nextScan
    return max(next.timeIntervalSince(now), 0)
  }

  private func stop() {
    activity = "stopped"
    reportRounds.stop()
    surroundings.notifier.notify(.stopping)
    beat(at: surroundings.now(), hasStopped: true)
    logger.info(
      "stopped",
      metadata: [
        "scored": .stringConvertible(tally.scored), "unchanged": .stringConvertible(tally.unchanged),
        "failed": .stringConvertible(tally.failed), "deferred": .stringConvertible(tally.deferred),
        "probed": .stringConvertible(tally.probed),
      ])
    if queue.arrivals.openCount > 0 {
      logger.warning(
        "left in incoming: still open for writing",
        metadata: ["bundles": .stringConvertible(queue.arrivals.openCount)])
    }
  }

  private func houseTrouble() -> DaemonError {
    DaemonError(
      .io, "the queue is paused: \(pause.reason)", at: spool.layout.root.path,
      remedy: "Mend that and start again; no bundle is lost.")
  }
}
