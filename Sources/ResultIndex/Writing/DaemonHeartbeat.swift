import Foundation

/// What the daemon last said of itself; `ambq status` reads it.
public struct DaemonHeartbeat: Sendable, Hashable {
  public var processID: Int32
  /// The machine it runs on: the process number means something there only.
  public var host: String
  public var started: Date
  /// When it last said so.
  public var beat: Date
  /// When it ended in good order; nil while it runs, and after a crash.
  public var stopped: Date?
  public var modelName: String
  public var modelDigest: String
  /// The spool's root folder.
  public var spool: String
  /// The version of `ambd`.
  public var version: String
  /// What it does: `idle`, `scoring friday.h5`, `paused: …`; empty where an older `ambd` wrote the index.
  public var activity: String
  /// Bundles that wait to be scored.
  public var waiting: Int

  public init(
    processID: Int32, host: String, started: Date, beat: Date, stopped: Date? = nil, modelName: String,
    modelDigest: String, spool: String, version: String, activity: String = "", waiting: Int = 0
  ) {
    self.processID = processID
    self.host = host
    self.started = started
    self.beat = beat
    self.stopped = stopped
    self.modelName = modelName
    self.modelDigest = modelDigest
    self.spool = spool
    self.version = version
    self.activity = activity
    self.waiting = waiting
  }

  /// The name of this machine as heartbeats carry it.
  public static var thisHost: String {
    let name = try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
    return name?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ProcessInfo.processInfo.hostName
  }
}
