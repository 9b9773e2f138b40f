import AmbqConfiguration
import BundleSpool
import Foundation
import Logging
import OperatingSystem

/// Knows which bundles wait: from what the kernel tells, and from listing the folders now and then.
final class ArrivalMonitor {
  /// What is known to wait.
  var queue: WorkQueue
  /// When the folders are listed next.
  private(set) var nextScan: Date
  private let spool: Spool
  private let signals: SignalRequests
  private let surroundings: DaemonSurroundings
  private var watch: any ArrivalWatch
  private var filesystem: FilesystemKind
  /// Which folder the spool was at the start.
  private var root: FolderIdentity?
  private var hasLostWatch = false
  private var nextDeferredScan: Date
  /// Files in `incoming` that are no bundles and have been named in the log.
  private var mentioned: Set<FileName> = []
  /// How often the kernel dropped notices.
  private var overflows = 0

  init(
    _ spool: Spool, _ signals: SignalRequests, _ surroundings: DaemonSurroundings, _ settings: AmbdConfiguration,
    at now: Date
  ) {
    self.spool = spool
    self.signals = signals
    self.surroundings = surroundings
    watch = PollingWatch(signals: signals.pipe)
    filesystem = FilesystemKind(of: spool.layout.root)
    queue = WorkQueue(
      arrivals: ArrivalQueue(settleSeconds: settings.watch.settleSeconds, capacity: surroundings.capacity))
    nextScan = now
    nextDeferredScan = now
  }

  /// Whether the kernel tells of arrivals.
  var tellsOfArrivals: Bool { watch.tellsOfArrivals }

  /// How arrivals are noticed, for the log.
  var facts: Logger.Metadata {
    ["watch": watch.tellsOfArrivals ? "inotify" : "poll", "filesystem": "\(filesystem.name)"]
  }

  /// Bundles in `incoming` that some process still writes to.
  var openCount: Int { queue.arrivals.openCount }

  /// Whether nothing is left that could be done by waiting a little.
  var isDrained: Bool {
    queue.arrivals.count == openCount && !queue.arrivals.leftSomeBehind
  }

  /// Begins with what an earlier run had claimed.
  ///
  /// Watched first, listed then: what comes in between is seen twice rather than never.
  ///
  /// - Throws: `StorageError` where the folders cannot be read.
  func begin(_ parts: DaemonParts) throws {
    root = FolderIdentity(spool.layout.root)
    filesystem = FilesystemKind(of: spool.layout.incoming)
    beginWatching(parts)
    queue.resume(try spool.recover())
  }

  /// Waits until something happens or the time is over.
  ///
  /// - Throws: what the watch throws.
  func wait(_ seconds: Double) throws -> [WatchNotice] {
    try watch.wait(seconds)
  }

  /// Takes a notice in; nothing is done about it yet.
  func take(_ notice: WatchNotice, _ parts: DaemonParts) {
    let now = surroundings.now()
    switch notice {
    case .renamedIn(let name):
      admit(name, parts.logger) { queue.arrivals.renamedIn($0.name) }
    case .closed(let name):
      admit(name, parts.logger) { queue.arrivals.closed($0, at: now) }
    case .created(let name):
      // One that is being written tells when it is closed.
      guard spool.sight(name)?.hasWriter == false else { return }
      admit(name, parts.logger) { queue.arrivals.closed($0, at: now) }
    case .overflow:
      overflows += 1
      nextScan = now
      parts.logger.warning(
        "the kernel dropped notices of arrivals; incoming is listed again",
        metadata: ["overflows": .stringConvertible(overflows)])
    case .folderGone:
      nextScan = now
      hasLostWatch = true
    case .signal(let number):
      signals.take(number, parts.logger)
    }
  }

  /// Has the folders listed at a time, if they would not be sooner.
  func scan(by time: Date) { nextScan = min(nextScan, time) }

  /// Takes up a new configuration.
  func reload(_ parts: DaemonParts, from old: DaemonParts) {
    queue.arrivals.settleSeconds = parts.settings.watch.settleSeconds
    if old.settings.watch.mode != parts.settings.watch.mode { beginWatching(parts) }
    nextScan = surroundings.now()
  }

  /// Deadlines of the old time would lie far ahead of the new.
  func clockWasSetBack(to now: Date, _ parts: DaemonParts) {
    nextScan = now
    nextDeferredScan = now
    queue.arrivals.clockWasSetBack(to: now)
    queue.shelf.clockWasSetBack(to: now, longestWait: parts.settings.deferral.limitSeconds)
  }

  /// Lists `incoming`, and now and then `deferred`, where that is due: finds what no notice told of.
  ///
  /// Before its time, too, where all bundles in memory are done and more were left in the folder.
  ///
  /// - Throws: `DaemonError` where the spool itself has been replaced.
  func scanIfDue(at now: Date, _ parts: DaemonParts) throws {
    let needsMore = queue.arrivals.leftSomeBehind && !queue.arrivals.hasReady(at: now)
    guard now >= nextScan || needsMore else { return }
    let interval = parts.settings.watch
    nextScan = now.addingTimeInterval(watch.tellsOfArrivals ? interval.rescanSeconds : interval.pollSeconds)
    do {
      try mendFolders(parts)
      let found = try spool.listIncoming(limit: queue.arrivals.capacity * 2)
      queue.arrivals.scanned(found.bundles, at: now, trustTimes: !filesystem.clockMayDiffer)
      for (name, reason) in found.foreign.sorted(by: { $0.key < $1.key }) { mention(name, reason, parts.logger) }
      mentioned.formIntersection(found.foreign.keys)
      if now >= nextDeferredScan { try scanDeferred(at: now, parts) }
    } catch let error as DaemonError {
      throw error
    } catch {
      parts.logger.error("a folder of the spool cannot be listed", metadata: ["error": "\(error)"])
    }
  }

  private func scanDeferred(at now: Date, _ parts: DaemonParts) throws {
    let settings = parts.settings
    nextDeferredScan = now.addingTimeInterval(settings.watch.rescanSeconds)
    try spool.removeOrphanedNotes()
    queue.shelf.scanned(
      try spool.deferredBundles(), at: now, longestWait: settings.deferral.limitSeconds)
    try removeOld("done", settings.retention.doneDays, parts.logger) { try spool.removeDone(olderThan: $0, at: now) }
    try removeOld("failed", settings.retention.failedDays, parts.logger) {
      try spool.removeFailed(olderThan: $0, at: now)
    }
  }

  private func removeOld(_ folder: String, _ days: Int, _ logger: Logger, _ remove: (Int) throws -> Int) throws {
    let removed = try remove(days)
    guard removed > 0 else { return }
    logger.info(
      "deleted old bundles from \(folder)",
      metadata: ["bundles": .stringConvertible(removed), "\(folder)_days": .stringConvertible(days)])
  }

  /// Makes folders anew that someone removed; refuses to go on where the spool itself has been replaced.
  private func mendFolders(_ parts: DaemonParts) throws {
    guard let root, FolderIdentity(spool.layout.root) == root else {
      throw DaemonError(
        .io, "the spool folder was removed, replaced or unmounted while the daemon worked", at: spool.layout.root.path,
        remedy: "Put it back and start the daemon again.")
    }
    if FolderIdentity(spool.layout.incoming) == nil {
      parts.logger.warning("incoming was removed; it is made again")
    }
    try spool.prepare()
    if hasLostWatch {
      hasLostWatch = false
      beginWatching(parts)
    }
  }

  /// Chooses and begins the way arrivals are noticed, in place of the one before.
  private func beginWatching(_ parts: DaemonParts) {
    // The old one goes first: a process can hold one inotify queue of libinotifytools.
    watch = PollingWatch(signals: signals.pipe)
    let choice = surroundings.watch(spool.layout.incoming, parts.settings.watch.mode, filesystem, signals.pipe)
    watch = choice.watch
    if let reason = choice.reason {
      let seconds = Logger.MetadataValue.stringConvertible(parts.settings.watch.pollSeconds)
      parts.logger.log(
        level: choice.isFallback ? .warning : .info, "polling",
        metadata: ["reason": "\(reason)", "poll_seconds": seconds])
    }
  }

  private func admit(_ name: FileName, _ logger: Logger, _ enqueue: (FolderEntry) -> Void) {
    guard let entry = FolderEntry(name, in: spool.layout.incoming) else { return }
    switch IntakeRule(entry) {
    case .bundle: enqueue(entry)
    case .ignored: return
    case .foreign(let reason): mention(name, reason, logger)
    }
  }

  private func mention(_ name: FileName, _ reason: String, _ logger: Logger) {
    guard mentioned.count < 10_000, mentioned.insert(name).inserted else { return }
    logger.notice("left alone in incoming", metadata: ["file": "\(name.shown)", "reason": "\(reason)"])
  }
}
