import BundleSpool
import Foundation
import Logging
import ResultIndex

/// Tells the index that the daemon lives, and what it does; `ambq status` reads it.
final class Heartbeat {
  /// What the daemon does: `idle`, `scoring friday.h5`, `paused: …`.
  var activity = "starting"
  /// When the index is told next.
  private(set) var next: Date
  private let lastWords: LastWords
  let started: Date
  private let spool: Spool
  private let version: String

  init(_ spool: Spool, _ lastWords: LastWords, version: String, at now: Date) {
    self.lastWords = lastWords
    self.spool = spool
    self.version = version
    started = now
    next = now
  }

  func clockWasSetBack(to now: Date) { next = now }

  /// Tells the index where that is due.
  ///
  /// - Parameter waiting: bundles that wait to be scored.
  /// - Returns: whether it was.
  @discardableResult
  func beatIfDue(at now: Date, _ parts: DaemonParts, _ index: IndexWriter, waiting: Int) -> Bool {
    guard now >= next else { return false }
    beat(at: now, parts, index, waiting: waiting)
    return true
  }

  /// Begins something that may take long: with the next heartbeat if that is near, so that the index tells of it.
  func begin(_ activity: String, at now: Date, _ parts: DaemonParts, _ index: IndexWriter, waiting: Int) {
    self.activity = activity
    if next.timeIntervalSince(now) < parts.settings.daemon.heartbeatSeconds / 2 {
      beat(at: now, parts, index, waiting: waiting)
    }
  }

  /// Tells the index that the daemon ends in good order.
  func stop(at now: Date, _ parts: DaemonParts, _ index: IndexWriter, waiting: Int) {
    activity = "stopped"
    beat(at: now, parts, index, waiting: waiting, stopped: now)
  }

  private func beat(at now: Date, _ parts: DaemonParts, _ index: IndexWriter, waiting: Int, stopped: Date? = nil) {
    next = now.addingTimeInterval(parts.settings.daemon.heartbeatSeconds)
    let heartbeat = DaemonHeartbeat(
      processID: ProcessInfo.processInfo.processIdentifier, host: DaemonHeartbeat.thisHost, started: started,
      beat: now, stopped: stopped, modelName: parts.models.features.configuration.name,
      modelDigest: parts.models.features.digest,
      spool: spool.layout.root.path, version: version, activity: activity, waiting: waiting)
    lastWords.note(heartbeat, index, parts.logger)
    do {
      try index.recordHeartbeat(heartbeat)
    } catch {
      parts.logger.warning("the heartbeat cannot be written", metadata: ["error": "\(error)"])
    }
  }
}
