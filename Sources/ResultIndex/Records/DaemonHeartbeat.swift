import Foundation
import GRDB

/// What the daemon last said of itself; `ambq status` reads it.
public struct DaemonHeartbeat: Sendable, Hashable {
  /// The daemon's process.
  public var processID: Int32
  /// The machine it runs on: the process number means something there only.
  public var host: String
  /// When the daemon started.
  public var started: Date
  /// When it last said so.
  public var beat: Date
  /// When it ended in good order; nil while it runs, and after a crash.
  public var stopped: Date?
  /// The model's name, as its configuration says.
  public var modelName: String
  /// SHA-256 of the model's weights and configuration.
  public var modelDigest: String
  /// The spool's root folder.
  public var spool: String
  /// The version of `ambd`.
  public var version: String
  /// What it does: `idle`, `scoring friday.h5`, `paused: …`; empty where an older `ambd` wrote the index.
  public var activity: String
  /// Bundles that wait to be scored.
  public var waiting: Int

  /// One sign of life.
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

extension IndexWriter {
  /// Replaces what the daemon said of itself before.
  public func recordHeartbeat(_ heartbeat: DaemonHeartbeat) throws {
    try IndexError.explained(url) {
      try queue.write { database in
        try database.execute(
          sql: """
            INSERT OR REPLACE INTO daemon
              (id, process, host, started, beat, stopped, model_name, model_digest, spool, version, activity, waiting)
            VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            Int64(heartbeat.processID), heartbeat.host, heartbeat.started.milliseconds, heartbeat.beat.milliseconds,
            heartbeat.stopped?.milliseconds, heartbeat.modelName, heartbeat.modelDigest, heartbeat.spool,
            heartbeat.version, heartbeat.activity, heartbeat.waiting,
          ])
      }
    }
  }
}

extension IndexReader {
  /// What the daemon last said of itself; nil where none has run on this index.
  public func heartbeat() throws -> DaemonHeartbeat? {
    try read { database in
      let sql = """
        SELECT process, host, started, beat, stopped, model_name, model_digest, spool, version, activity, waiting
        FROM daemon
        """
      return try Row.fetchOne(database, sql: sql).map { row in
        let stopped: Int64? = row[4]
        return DaemonHeartbeat(
          processID: row[0], host: row[1], started: Date(milliseconds: row[2]), beat: Date(milliseconds: row[3]),
          stopped: stopped.map { Date(milliseconds: $0) }, modelName: row[5], modelDigest: row[6], spool: row[7],
          version: row[8], activity: row[9], waiting: row[10])
      }
    }
  }
}
