import AMBDSGDN
import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import Logging
import OperatingSystem
import ResultIndex

/// The daemon of one spool: waits for bundles and takes them through the pipeline until told to stop.
///
/// One thread does everything but probing and reports: it alone waits for the kernel, for signals and for the clock, scores
/// in between, and writes all results. Each concern owns its state: `ArrivalMonitor` what waits, `BundleWork` the scoring,
/// `ProbeRunner` the probes, `NightlyReports` the reports, `Heartbeat` and `Watchdog` what others are told.
public final class SpoolDaemon {
  let signals: SignalRequests
  /// For a stop that finds the daemon in the midst of something long.
  public let lastWords = LastWords()
  private let assembly: DaemonAssembly
  private let surroundings: DaemonSurroundings
  private let spool: Spool
  private let arrivals: ArrivalMonitor
  private let pause: QueuePause
  private let work: BundleWork
  private let probing: ProbeRunner
  private let reports: NightlyReports
  private let heartbeat: Heartbeat
  private let watchdog = Watchdog()
  /// Replaced on reload.
  private var parts: DaemonParts
  /// Connections to files that somebody has deleted or replaced.
  private var abandoned: [IndexWriter] = []
  /// The latest look at the clock.
  private var latest: Date

  /// Reads the configuration and loads the model; the spool is not touched before `run`.
  ///
  /// - Throws: `SettingError`, or whatever the assembly throws for the model.
  public init(_ assembly: DaemonAssembly, signals: SignalPipe, surroundings: DaemonSurroundings) throws {
    self.assembly = assembly
    self.surroundings = surroundings
    self.signals = SignalRequests(signals)
    parts = try DaemonParts(assembly)
    let now = surroundings.now()
    latest = now
    spool = Spool(parts.settings.layout)
    arrivals = ArrivalMonitor(spool, self.signals, surroundings, parts.settings, at: now)
    pause = QueuePause(spool, surroundings)
    work = BundleWork(spool, arrivals, pause, self.signals, watchdog, lastWords, surroundings)
    probing = ProbeRunner(spool, pause, self.signals, watchdog, surroundings)
    reports = NightlyReports(spool.layout, at: now)
    heartbeat = Heartbeat(spool, lastWords, version: assembly.version, at: now)
  }

  /// Works until a signal says stop, or, with `once`, until nothing is left to do.
  ///
  /// - Parameter rebuildsIndex: whether to move the index away first, and to make it again from the bundles in `done`.
  /// - Returns: the exit code: 0, or with `once` 1 where a bundle failed or was deferred.
  /// - Throws: an `ExplainedError` where the daemon cannot start or go on; claimed bundles are taken up by the next run.
  public func run(once: Bool, rebuildsIndex: Bool = false) throws -> Int32 {
    try spool.prepare()
    let lock = try SpoolLock(spool.layout)
    defer { withExtendedLifetime(lock) {} }
    if rebuildsIndex { try setIndexAside() }
    var index = try start()
    defer { probing.end() }
    while !signals.isStopping {
      watchdog.progress()
      let now = surroundings.now()
      if now < latest { clockWasSetBack(to: now) }
      latest = now
      heartbeat.activity =
        pause.isOver(at: now) ? probing.current.map { "probing \($0.name)" } ?? "idle" : "paused: \(pause.reason)"
      index = inPlace(index, at: now)
      try arrivals.scanIfDue(at: now, parts)
      if heartbeat.beatIfDue(at: now, parts, index, waiting: waiting) { writeMetrics(at: now) }
      let canScore = pause.isOver(at: now) && (work.claimedCount > 0 || arrivals.queue.hasWork(at: now))
      // Labels come first: a probe that is under way pauses while bundles wait, and none begins.
      probing.hold(canScore)
      let canGoOn = try canScore || pause.isOver(at: now) && probe(at: now, index)
      if !canGoOn && once && arrivals.isDrained && probing.current == nil { break }
      if !once { reports.beginIfDue(at: now, parts, surroundings) }
      for notice in try arrivals.wait(canGoOn ? 0 : secondsToNext(from: now, once: once)) {
        arrivals.take(notice, parts)
      }
      if signals.takeReload() { reload() }
      if canScore && !signals.isStopping {
        try work.scoreNext(parts, index) { begin("scoring \($0)", index) }
      }
      if once && pause.isTroubled {
        work.putBack()
        throw pause.error
      }
    }
    if once && !signals.isStopping { reports.writeDue(at: surroundings.now(), parts, surroundings) }
    stop(index)
    surroundings.messages.stop(drains: once && !signals.isStopping)
    return once && work.tally.leftUndone > 0 ? 1 : 0
  }

  private func start() throws -> IndexWriter {
    try spool.checkMoves()
    let index = try openIndex()
    try arrivals.begin(parts)
    work.crashed = surroundings.notesCrashes ? spool.beginNotingCrashes() : nil
    watchdog.start(surroundings.notifier, patience: parts.settings.daemon.stallSeconds)
    parts.logger.info(
      "started",
      metadata: arrivals.facts.merging(
        [
          "spool": "\(spool.layout.root.path)", "waiting": .stringConvertible(arrivals.queue.count),
          "version": "\(assembly.version)",
        ].merging(parts.models.logged) { $1 }
      ) { $1 })
    if parts.settings.reader.isolated && !ProcessSandbox.isAvailable {
      parts.logger.warning(
        "bundles are read without a sandbox: system calls cannot be filtered here",
        metadata: ["sandbox": "\(ProcessSandbox.description)"])
    }
    surroundings.notifier.notify(.ready, status: watching)
    return index
  }

  /// Opens the index, and has scored again what it should know and does not.
  private func openIndex() throws -> IndexWriter {
    let (logger, notifier) = (parts.logger, surroundings.notifier)
    let index = try IndexWriter(spool.layout.index) { done, total in
      if done == 0 { logger.notice("the index is brought up to date", metadata: ["scorings": "\(total)"]) }
      notifier.notify(.stillStarting, status: "bringing the index up to date: \(done) of \(total) scorings")
    }
    if let time = index.upgradeTime { logger.notice("the index is up to date", metadata: ["seconds": "\(time)"]) }
    try index.checkSpool(spool.layout.root)
    try IndexReconciliation(spool: spool, index: index, logger: parts.logger).run()
    return index
  }

  private func setIndexAside() throws {
    guard let old = try IndexWriter.setAside(spool.layout.index, at: surroundings.now()) else { return }
    parts.logger.notice("the index is made again", metadata: ["old": "\(old.path)"])
  }

  /// The index, or a new one where somebody has deleted or replaced its file; the queue pauses where none can be opened.
  private func inPlace(_ index: IndexWriter, at now: Date) -> IndexWriter {
    do {
      try index.checkIsInPlace()
      return index
    } catch {
      guard pause.isOver(at: now) else { return index }
      let explanation = Explanation(of: error, otherwise: .io)
      parts.logger.error("\(explanation.what)", metadata: explanation.logged)
      do {
        let opened = try openIndex()
        // Not closed: SQLite would remove the log of the file that now has its name.
        abandoned.append(index)
        arrivals.scan(by: now)
        return opened
      } catch {
        pause.begin(Explanation(of: error, otherwise: .io), parts)
        return index
      }
    }
  }

  /// Bundles that wait to be scored, in whatever folder.
  private var waiting: Int { arrivals.queue.count + work.claimedCount }

  private var watching: String { "watching \(spool.layout.incoming.path)" }

  private func probe(at now: Date, _ index: IndexWriter) throws -> Bool {
    try probing.step(at: now, parts, index) { begin("probing \($0)", index) }
  }

  /// Writes the figures for Prometheus, where they are asked for.
  private func writeMetrics(at now: Date) {
    let file = parts.settings.metrics.file
    guard !file.isEmpty else { return }
    let moment = DaemonMetrics.Moment(
      waiting: arrivals.queue.arrivals.count + work.claimedCount, oldest: work.oldestArrival,
      deferred: arrivals.queue.shelf.count, isPaused: pause.isTroubled, verdict: reports.verdict)
    let text = work.metrics.text(work.tally, probes: probing.count, moment, started: heartbeat.started, at: now)
    do {
      try DurableFile.write(Data(text.utf8), to: URL(fileURLWithPath: file))
    } catch {
      let explanation = Explanation(of: error, otherwise: .io)
      parts.logger.warning("the metrics cannot be written: \(explanation.what)", metadata: explanation.logged)
    }
  }

  private func begin(_ activity: String, _ index: IndexWriter) {
    heartbeat.begin(activity, at: surroundings.now(), parts, index, waiting: waiting)
  }

  /// Deadlines of the old time would lie far ahead of the new.
  private func clockWasSetBack(to now: Date) {
    parts.logger.notice(
      "the clock was set back", metadata: ["seconds": .stringConvertible(latest.timeIntervalSince(now))])
    arrivals.clockWasSetBack(to: now, parts)
    pause.clockWasSetBack(to: now)
    probing.clockWasSetBack(to: now)
    reports.clockWasSetBack(to: now)
    heartbeat.clockWasSetBack(to: now)
  }

  private func secondsToNext(from now: Date, once: Bool) -> Double {
    // While paused, only the end of the pause can bring work.
    let work = pause.isOver(at: now) ? arrivals.queue.nextDeadline : pause.until
    let deadlines = [
      arrivals.nextScan, heartbeat.next, once ? nil : reports.next, work, probing.nextTry(after: now),
    ]
    return max((deadlines.compactMap(\.self).min() ?? now).timeIntervalSince(now), 0)
  }

  /// Reads the configuration and the model anew; where either is bad, both stay as they were.
  private func reload() {
    surroundings.notifier.notify(.reloading)
    defer { surroundings.notifier.notify(.ready, status: watching) }
    do {
      let old = parts
      parts = try DaemonParts(assembly)
      watchdog.start(surroundings.notifier, patience: parts.settings.daemon.stallSeconds)
      work.readAgain(by: parts)
      arrivals.reload(parts, from: old)
      reports.look(at: surroundings.now())
      let (used, configured) = (spool.layout, parts.settings.layout)
      if used != configured {
        parts.logger.warning(
          "the spool folder and the index are taken at start only; the old ones are kept",
          metadata: [
            "spool": "\(used.root.path)", "index": "\(used.index.path)",
            "configured_spool": "\(configured.root.path)", "configured_index": "\(configured.index.path)",
          ])
      }
      parts.logger.info("reloaded", metadata: parts.models.logged)
    } catch {
      let explanation = Explanation(of: error, otherwise: .usage)
      parts.logger.error(
        "not reloaded, all stays as it was: \(explanation.what)", metadata: explanation.logged)
    }
  }

  private func stop(_ index: IndexWriter) {
    work.putBack()
    reports.stop()
    surroundings.notifier.notify(.stopping)
    heartbeat.stop(at: surroundings.now(), parts, index, waiting: waiting)
    writeMetrics(at: surroundings.now())
    let tally = work.tally
    parts.logger.info(
      "stopped",
      metadata: [
        "scored": .stringConvertible(tally.scored), "unchanged": .stringConvertible(tally.unchanged),
        "failed": .stringConvertible(tally.failed), "deferred": .stringConvertible(tally.deferred),
        "probed": .stringConvertible(probing.count),
      ])
    if arrivals.openCount > 0 {
      parts.logger.warning(
        "left in incoming: still open for writing",
        metadata: ["bundles": .stringConvertible(arrivals.openCount)])
    }
  }
}

extension ModelFolder {
  /// Names and digests.
  fileprivate var logged: Logger.Metadata {
    var metadata: Logger.Metadata = [
      "model": "\(features.configuration.name)", "model_digest": "\(features.digest.prefix(8))",
    ]
    if let words {
      metadata["words_model"] = "\(words.configuration.name)"
      metadata["words_model_digest"] = "\(words.digest.prefix(8))"
    }
    return metadata
  }
}
