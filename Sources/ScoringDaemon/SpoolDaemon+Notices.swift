import BundleSpool
import Foundation
import Logging

extension SpoolDaemon {
  /// Chooses and begins the way arrivals are noticed, in place of the one before.
  func beginWatching() {
    // The old one goes first: a process can hold one inotify queue of libinotifytools.
    watch = PollingWatch(signals: signals)
    let choice = surroundings.watch(spool.layout.incoming, settings.watch.mode, filesystem, signals)
    watch = choice.watch
    if let reason = choice.reason {
      let seconds = Logger.MetadataValue.stringConvertible(settings.watch.pollSeconds)
      logger.log(
        level: choice.isFallback ? .warning : .info, "polling",
        metadata: ["reason": "\(reason)", "poll_seconds": seconds])
    }
  }

  /// Takes notices in; nothing is done about them yet.
  func absorb(_ notices: [WatchNotice]) {
    let now = surroundings.now()
    for notice in notices {
      switch notice {
      case .renamedIn(let name):
        admit(name, at: now) { queue.arrivals.renamedIn($0.name) }
      case .closed(let name):
        admit(name, at: now) { queue.arrivals.closed($0, at: now) }
      case .overflow:
        tally.overflows += 1
        nextScan = now
        logger.warning(
          "the kernel dropped notices of arrivals; incoming is listed again",
          metadata: ["overflows": .stringConvertible(tally.overflows)])
      case .folderGone:
        nextScan = now
        hasLostWatch = true
      case .signal(SIGHUP):
        wantsReload = true
      case .signal(let number):
        logger.info("stopping", metadata: ["signal": .stringConvertible(number)])
        isStopping = true
      }
    }
  }

  /// Whether the daemon has been told to stop, asked in the middle of a bundle.
  func hasBeenToldToStop() -> Bool {
    absorb(signals.drain().map { .signal($0) })
    return isStopping
  }

  /// Lists `incoming`, and now and then `deferred`: finds what no notice told of.
  func scan(at now: Date) throws {
    nextScan = now.addingTimeInterval(watch.tellsOfArrivals ? settings.watch.rescanSeconds : settings.watch.pollSeconds)
    do {
      try mendFolders()
      let found = try spool.listIncoming(limit: queue.arrivals.capacity * 2)
      queue.arrivals.scanned(found.bundles, at: now, trustTimes: !filesystem.clockMayDiffer)
      for (name, reason) in found.foreign.sorted(by: { $0.key < $1.key }) { mention(name, reason) }
      knownForeign.formIntersection(found.foreign.keys)
      if now >= nextShelfScan { try scanShelf(at: now) }
    } catch let error as DaemonError {
      throw error
    } catch {
      logger.error("a folder of the spool cannot be listed", metadata: ["error": "\(error)"])
    }
  }

  private func scanShelf(at now: Date) throws {
    nextShelfScan = now.addingTimeInterval(settings.watch.rescanSeconds)
    try spool.removeOrphanedNotes()
    queue.shelf.scanned(
      try spool.deferredBundles(), at: now, longestWait: settings.deferral.limitSeconds)
    let removed = try spool.removeDone(olderThan: settings.retention.doneDays, at: now)
    if removed > 0 {
      logger.info(
        "deleted old bundles from done",
        metadata: [
          "bundles": .stringConvertible(removed), "done_days": .stringConvertible(settings.retention.doneDays),
        ])
    }
  }

  /// Makes folders anew that someone removed; refuses to go on where the spool itself has been replaced.
  private func mendFolders() throws {
    let root = spool.layout.root
    guard let rootIdentity, FolderIdentity(root) == rootIdentity else {
      throw DaemonError(
        .io, "the spool folder was removed, replaced or unmounted while the daemon worked", at: root.path,
        remedy: "Put it back and start the daemon again.")
    }
    if FolderIdentity(spool.layout.incoming) == nil {
      logger.warning("incoming was removed; it is made again")
    }
    try spool.prepare()
    if hasLostWatch {
      hasLostWatch = false
      beginWatching()
    }
  }

  private func admit(_ name: FileName, at now: Date, _ enqueue: (FolderEntry) -> Void) {
    guard let entry = FolderEntry(name, in: spool.layout.incoming) else { return }
    switch IntakeRule(entry) {
    case .bundle: enqueue(entry)
    case .ignored: return
    case .foreign(let reason): mention(name, reason)
    }
  }

  private func mention(_ name: FileName, _ reason: String) {
    guard knownForeign.count < 10_000, knownForeign.insert(name).inserted else { return }
    logger.notice("left alone in incoming", metadata: ["file": "\(name.shown)", "reason": "\(reason)"])
  }
}
