import DialogueDomain
import Foundation
import GRDB

/// A failure as the index holds it.
public struct IndexedFailure: Sendable, Hashable {
  public let failure: FailureRecord
  /// True where the bundle was scored, requeued or thrown away since, or failed again.
  public let isResolved: Bool
}

/// Which failures to find.
public struct FailureQuery: Sendable, Hashable {
  /// File names, with `*` and `?`.
  public var names: [String] = []
  /// Failed at this time or later.
  public var since: Date?
  /// Failed before this time.
  public var until: Date?
  /// With those that were settled since.
  public var includesResolved = false

  public init() {}

  /// The failures that belong to a list of bundles.
  public init(_ query: BundleQuery) {
    (names, since, until) = (query.bundles, query.since, query.until)
  }
}

extension IndexReader {
  /// The bundles that could not be scored, oldest first.
  public func failures(_ query: FailureQuery = FailureQuery()) throws -> [IndexedFailure] {
    var terms: [SQL] = ["1"]
    if !query.includesResolved { terms.append("resolved = 0") }
    if !query.names.isEmpty { terms.append(NamePattern.matches("name", query.names)) }
    if let since = query.since { terms.append("time >= \(since.milliseconds)") }
    if let until = query.until { terms.append("time < \(until.milliseconds)") }
    let conditions = terms.joined(separator: " AND ")
    return try read { database in
      let sql: SQL =
        "SELECT name, digest, state, time, explanation, resolved FROM failure WHERE " + conditions
        + " ORDER BY time, id"
      let (text, arguments) = try sql.build(database)
      return try Row.fetchAll(database, sql: text, arguments: arguments).map { row in
        IndexedFailure(
          failure: FailureRecord(
            name: row[0], digest: row[1], state: FailureRecord.State(rawValue: row[2]) ?? .failed,
            time: Date(milliseconds: row[3]), explanation: Self.explanation(row[4])),
          isResolved: row[5])
      }
    }
  }

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

  private static func explanation(_ json: String) -> Explanation {
    (try? JSONDecoder().decode(Explanation.self, from: Data(json.utf8))) ?? Explanation(.data, json)
  }
}
