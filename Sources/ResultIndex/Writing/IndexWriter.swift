import DialogueDomain
import Foundation
import GRDB

/// The daemon's access to the index: one connection, one transaction per call, durable when the call returns.
///
/// Every method throws `IndexError`; what it was about to write is then not there at all.
public final class IndexWriter: Sendable {
  let queue: DatabaseQueue
  let url: URL

  /// Opens the index, making it or bringing it up to date where need be.
  ///
  /// - Throws: `IndexError` for a place that `checkPlace` refuses, another program's file, and a file of a newer version.
  public init(_ url: URL) throws {
    self.url = url
    try Self.checkPlace(of: url)
    queue = try IndexError.explained(url) {
      var configuration = GRDB.Configuration()
      configuration.label = "index"
      configuration.busyMode = .timeout(10)
      try Self.checkIsOurs(url, configuration)
      configuration.journalMode = .wal
      configuration.prepareDatabase { database in
        // A bundle leaves incoming/ once its rows are recorded: they must be on the disk by then.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.execute(sql: "PRAGMA cache_size = -8000")
      }
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      // Before any table: killed in the midst of the first migration, the next start still knows the file as ours.
      try queue.write { try $0.execute(sql: "PRAGMA application_id = \(IndexSchema.applicationID)") }
      try IndexSchema.migrator.migrate(queue)
      return queue
    }
  }

  /// Records a scored bundle with all its utterances: all rows or none.
  ///
  /// Where the same bytes were scored by another model before, that scoring becomes superseded. Where this very model
  /// scored them before, nothing is added: the scoring becomes current again, and a new file name is kept as an alias.
  /// Failures of the same file name or bytes count as resolved.
  ///
  /// - Parameter probe: the probe to ask for in the same transaction; nil for none. Of a scoring that was there before, it
  ///   is asked for anew, since labels that have just been written again lack their stability.
  public func record(
    _ bundle: ScoredBundle, _ scoring: ScoringRecord, probe: ProbeRequest? = nil
  ) throws -> RecordOutcome {
    try BundleInsertion.check(bundle)
    return try IndexError.explained(url) {
      try queue.write { database in
        if let known = try Self.makeCurrent(bundle, at: scoring.scored, database) {
          if let probe { try ProbeRequestRow(known.id, probe).renew(database) }
          return .alreadyRecorded(known.scoring)
        }
        var insertion = BundleInsertion(database, bundle, scoring)
        let (id, recorded) = try insertion.run()
        if let probe { try ProbeRequestRow(id, probe).ask(database) }
        return .recorded(recorded)
      }
    }
  }

  /// Whether these bytes scored by this model are in the index.
  public func isRecorded(bundleDigest: String, modelDigest: String) throws -> Bool {
    try IndexError.explained(url) {
      try queue.read { try Self.recorded(bundleDigest, modelDigest, $0) != nil }
    }
  }

  /// The digest of the bundle whose labels lie in a file, relative to the spool; nil where no scoring names it.
  public func bundleDigest(ofLabels file: String) throws -> String? {
    try IndexError.explained(url) {
      try queue.read {
        try String.fetchOne(
          $0, sql: "SELECT digest FROM bundle WHERE label_file = ? ORDER BY id DESC LIMIT 1", arguments: [file])
      }
    }
  }

  /// Notes that a bundle arrived whose bytes this model has scored before, so that it need not be scored again.
  ///
  /// - Parameters:
  ///   - probe: the probe to ask for where another plan, or none, has probed the bundle; nil for none.
  ///   - hasLabels: whether there is a label file at a path relative to the spool.
  /// - Returns: the earlier scoring; nil where the bundle must be scored: for the first time, since another model's labels
  ///   lie in the file now, or since the file is gone.
  public func recordAgain(
    name: String, bundleDigest: String, modelDigest: String, probe: ProbeRequest? = nil,
    hasLabels: (String) -> Bool = { _ in true }
  ) throws -> RecordedScoring? {
    try IndexError.explained(url) {
      try queue.write { database in
        guard let known = try Self.recorded(bundleDigest, modelDigest, database), known.scoring.isCurrent else {
          return nil
        }
        guard hasLabels(known.scoring.labelFile) else {
          // Before labels without stability are written: a kill after that must not leave them so.
          if let probe { try ProbeRequestRow(known.id, probe).renew(database) }
          return nil
        }
        try Self.noteArrival(name, bundleDigest, known.scoring, database)
        if let probe { try ProbeRequestRow(known.id, probe).ask(database) }
        return known.scoring
      }
    }
  }

  /// Records that a bundle could not be scored; an earlier failure of the same file name is replaced.
  public func recordFailure(_ failure: FailureRecord) throws {
    let json = try Self.json(failure.explanation)
    try IndexError.explained(url) {
      try queue.write { database in
        try database.execute(
          sql: "UPDATE failure SET resolved = 1 WHERE name = ? AND resolved = 0", arguments: [failure.name])
        try database.execute(
          sql: "INSERT INTO failure (name, digest, state, time, explanation) VALUES (?, ?, ?, ?, ?)",
          arguments: [failure.name, failure.digest, failure.state.rawValue, failure.time.milliseconds, json])
      }
    }
  }

  /// Marks the failures of a file name as dealt with: the bundle was requeued or thrown away.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func resolveFailures(named name: String) throws -> Int {
    try IndexError.explained(url) {
      try queue.write { database in
        try database.execute(sql: "UPDATE failure SET resolved = 1 WHERE name = ? AND resolved = 0", arguments: [name])
        return database.changesCount
      }
    }
  }

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

  /// Closes the file; the write-ahead log is folded into it where nobody reads.
  ///
  /// Later calls throw.
  public func close() throws {
    try IndexError.explained(url) { try queue.close() }
  }

  /// Looks at the file before anything is written into it.
  private static func checkIsOurs(_ url: URL, _ configuration: GRDB.Configuration) throws {
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    var configuration = configuration
    configuration.journalMode = .default
    let queue = try DatabaseQueue(path: url.path, configuration: configuration)
    try queue.read { database in
      switch try IndexHeader.read(database) {
      case .empty, .ours: return
      case .newer(let version): throw IndexError.newer(url, version: version)
      case .foreign(let found): throw IndexError.foreign(url, found: found)
      }
    }
    try queue.close()
  }

  private typealias Known = (id: Int64, scoring: RecordedScoring)

  private static func recorded(_ digest: String, _ model: String, _ database: Database) throws -> Known? {
    let sql = """
      SELECT b.id, b.name, b.title, b.label_file, b.current FROM bundle b JOIN model m ON m.id = b.model
      WHERE b.digest = ? AND m.digest = ?
      """
    return try Row.fetchOne(database, sql: sql, arguments: [digest, model]).map { row in
      (row[0], RecordedScoring(name: row[1], title: row[2], labelFile: row[3], isCurrent: row[4]))
    }
  }

  /// Takes up an earlier scoring of the same bytes by the same model, where there is one.
  private static func makeCurrent(_ bundle: ScoredBundle, at time: Date, _ database: Database) throws -> Known? {
    guard var known = try recorded(bundle.digest, bundle.modelDigest, database) else { return nil }
    if !known.scoring.isCurrent {
      try BundleInsertion.supersede(bundle.digest, at: time, database)
      try database.execute(sql: "UPDATE bundle SET current = 1 WHERE id = ?", arguments: [known.id])
      known.scoring.isCurrent = true
    }
    try noteArrival(bundle.name, bundle.digest, known.scoring, database)
    return known
  }

  private static func noteArrival(
    _ name: String, _ digest: String, _ known: RecordedScoring, _ database: Database
  ) throws {
    if known.name != name {
      try database.execute(
        sql: "INSERT OR IGNORE INTO alias (digest, name) VALUES (?, ?)", arguments: [digest, name])
    }
    try BundleInsertion.resolveFailures(name, digest, database)
  }

  private static func json(_ explanation: Explanation) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(explanation), as: UTF8.self)
  }
}
