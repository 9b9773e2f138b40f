import DialogueDomain
import Foundation
import GRDB

/// A bundle that could not be scored.
public struct FailureRecord: Sendable, Hashable {
  /// What becomes of a bundle that could not be scored.
  public enum State: String, Sendable, CaseIterable {
    /// Put into `failed/`: it stays there until somebody acts.
    case failed
    /// Put into `deferred/`: the daemon tries again by itself.
    case deferred
  }

  /// The bundle's file name.
  public var name: String
  /// SHA-256 of the file, where it could be read at all.
  public var digest: String?
  /// What became of the bundle.
  public var state: State
  /// When it failed.
  public var time: Date
  /// What is wrong, where, and how to mend it.
  public var explanation: Explanation
  /// True where the bundle was scored since, or failed again.
  public var isResolved: Bool

  /// One failure.
  public init(
    name: String, digest: String?, state: State = .failed, time: Date, explanation: Explanation,
    isResolved: Bool = false
  ) {
    self.name = name
    self.digest = digest
    self.state = state
    self.time = time
    self.explanation = explanation
    self.isResolved = isResolved
  }
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

  /// Every failure.
  public init() {}

  /// The failures that belong to a list of bundles.
  public init(_ query: BundleQuery) {
    (names, since, until) = (query.bundles, query.since, query.until)
  }
}

extension IndexWriter {
  /// Counts the failures of these file names as settled: the bundles are gone.
  ///
  /// - Throws: `IndexError`; nothing has changed then.
  public func resolveFailures(of names: [String]) throws {
    try IndexError.explained(url) {
      try queue.write { database in
        for name in names {
          try database.execute(
            sql: "UPDATE failure SET resolved = 1 WHERE resolved = 0 AND name = ?", arguments: [name])
        }
      }
    }
  }

  /// The file names that failures are known of.
  ///
  /// - Throws: `IndexError`.
  public func failureNames() throws -> Set<String> {
    try IndexError.explained(url) {
      try queue.read { try String.fetchSet($0, sql: "SELECT name FROM failure") }
    }
  }

  /// Records that a bundle could not be scored; an earlier failure of the same file name counts as resolved.
  ///
  /// - Parameter arrived: when the bundle came. A failure of the same bytes since then is of this same attempt, whose
  ///   end a kill cut off: it is replaced, so that no bundle counts twice. Nil keeps every failure.
  /// - Throws: `IndexError`; nothing is recorded then.
  public func recordFailure(_ failure: FailureRecord, arrived: Date? = nil) throws {
    try IndexError.explained(url) {
      try queue.write { database in
        if let arrived {
          try database.execute(
            sql: """
              DELETE FROM failure
              WHERE name = ? AND digest IS ? AND state = ? AND resolved = 0 AND time >= ?
              """, arguments: [failure.name, failure.digest, failure.state.rawValue, arrived.milliseconds])
        }
        try database.execute(
          sql: "UPDATE failure SET resolved = 1 WHERE name = ? AND resolved = 0", arguments: [failure.name])
        try Self.insert(failure, database)
      }
    }
  }

  /// Records these failures in place of all that were known.
  ///
  /// - Throws: `IndexError`; nothing has changed then.
  public func replaceFailures(by failures: [FailureRecord]) throws {
    try IndexError.explained(url) {
      try queue.write { database in
        try database.execute(sql: "DELETE FROM failure")
        for failure in failures { try Self.insert(failure, database) }
      }
    }
  }

  private static func insert(_ failure: FailureRecord, _ database: Database) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try database.execute(
      sql: "INSERT INTO failure (name, digest, state, time, explanation) VALUES (?, ?, ?, ?, ?)",
      arguments: [
        failure.name, failure.digest, failure.state.rawValue, failure.time.milliseconds,
        String(decoding: try encoder.encode(failure.explanation), as: UTF8.self),
      ])
  }
}

extension IndexReader {
  /// The bundles that could not be scored, oldest first.
  public func failures(_ query: FailureQuery = FailureQuery()) throws -> [FailureRecord] {
    var terms: [SQL] = ["1"]
    if !query.includesResolved { terms.append("resolved = 0") }
    if !query.names.isEmpty {
      terms.append("id IN (" + NamePattern.rows("id", query.names, among: ("failure", "name")) + ")")
    }
    if let since = query.since { terms.append("time >= \(since.milliseconds)") }
    if let until = query.until { terms.append("time < \(until.milliseconds)") }
    let conditions = terms.joined(separator: " AND ")
    return try read { database in
      let sql: SQL =
        "SELECT name, digest, state, time, explanation, resolved FROM failure WHERE " + conditions
        + " ORDER BY time, id"
      let (text, arguments) = try sql.build(database)
      return try Row.fetchAll(database, sql: text, arguments: arguments).map { row in
        FailureRecord(
          name: row[0], digest: row[1], state: FailureRecord.State(rawValue: row[2]) ?? .failed,
          time: Date(milliseconds: row[3]), explanation: Self.explanation(row[4]), isResolved: row[5])
      }
    }
  }

  private static func explanation(_ json: String) -> Explanation {
    (try? JSONDecoder().decode(Explanation.self, from: Data(json.utf8))) ?? Explanation(.data, json)
  }
}
