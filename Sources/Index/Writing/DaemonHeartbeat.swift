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

  public init(
    processID: Int32, host: String, started: Date, beat: Date, stopped: Date? = nil, modelName: String,
    modelDigest: String, spool: String, version: String
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
  }

  /// The name of this machine as heartbeats carry it.
  public static var thisHost: String {
    let name = try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
    return name?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ProcessInfo.processInfo.hostName
  }
}
