import Foundation
import ResultIndex

/// Whether the daemon that wrote the last heartbeat is running.
enum DaemonState: String {
  /// No daemon has ever used this index.
  case never
  case running
  /// Its process is there, but it has not been heard from for long.
  case silent
  /// It ended in good order.
  case stopped
  /// It is gone without having said so.
  case dead
  /// It is another machine's, whose processes cannot be seen from here.
  case elsewhere

  /// How long a running daemon may be quiet, in seconds: several heartbeats, and five minutes in any case, since it says
  /// nothing while it scores a bundle.
  ///
  /// - Parameter interval: seconds between two heartbeats, as `daemon.heartbeat` configures them.
  static func patience(heartbeatEvery interval: Double) -> TimeInterval { max(300, 5 * interval) }

  /// - Parameters:
  ///   - host: this machine's name.
  ///   - interval: seconds between two heartbeats.
  ///   - isAlive: whether the process of a number is a daemon.
  init(
    _ heartbeat: DaemonHeartbeat?, now: Date, host: String, heartbeatEvery interval: Double, isAlive: (Int32) -> Bool
  ) {
    guard let heartbeat else {
      self = .never
      return
    }
    if heartbeat.stopped != nil {
      self = .stopped
    } else if heartbeat.host != host {
      self = .elsewhere
    } else if !isAlive(heartbeat.processID) {
      self = .dead
    } else {
      let isLate = now.timeIntervalSince(heartbeat.beat) > Self.patience(heartbeatEvery: interval)
      self = isLate ? .silent : .running
    }
  }

  /// Whether a process exists and is an `ambd`: numbers are used again.
  static func isDaemon(_ processID: Int32) -> Bool {
    guard let name = try? String(contentsOfFile: "/proc/\(processID)/comm", encoding: .utf8) else { return false }
    return name == "ambd\n"
  }
}
