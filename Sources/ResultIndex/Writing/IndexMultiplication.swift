import Foundation
import GRDB

extension IndexWriter {
  /// Makes a large index to measure on out of a small one: what is there is repeated under other names, digests and times.
  ///
  /// What has been recorded is pressed into the first part of its own period, and each repetition takes a part after it, so
  /// that numbers follow time as before. Rows are copied by SQLite, indexes and sums made at the end: about five times as
  /// fast as recording. It is no way of recording: a kill in between leaves an index without indexes.
  ///
  /// - Parameters:
  ///   - times: how often everything is there afterwards.
  ///   - progress: told how many times it is so far.
  /// - Throws: `IndexError`.
  public func multiply(by times: Int, progress: (Int) -> Void = { _ in }) throws {
    guard times > 1 else { return }
    try IndexError.explained(url) {
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA foreign_keys = 0")
        defer { try? database.execute(sql: "PRAGMA foreign_keys = 1") }
        let multiplication = try IndexMultiplication(database, times: times)
        var structures: [String] = []
        try database.inTransaction {
          structures = try multiplication.dropStructures(database)
          return .commit
        }
        for repetition in 1..<times {
          // One at a time, so that the log does not grow as large as the index.
          try database.inTransaction {
            try multiplication.copy(repetition, database)
            return .commit
          }
          progress(repetition + 1)
        }
        try database.inTransaction {
          try multiplication.press(database)
          for sql in structures where sql.hasPrefix("CREATE INDEX") || sql.hasPrefix("CREATE UNIQUE") {
            try database.execute(sql: sql)
          }
          try SumTables.remake(database)
          for sql in structures where sql.hasPrefix("CREATE TRIGGER") { try database.execute(sql: sql) }
          return .commit
        }
      }
    }
  }
}

/// The statements that repeat the contents of an index.
private struct IndexMultiplication {
  private let times: Int
  private let start: Int64
  private let length: Int64
  /// The tables whose rows are repeated, with the last number of each.
  private let last: [String: Int64]

  init(_ database: Database, times: Int) throws {
    self.times = times
    let period = try Row.fetchOne(database, sql: "SELECT min(scored), max(scored) FROM bundle")
    let (first, end): (Int64?, Int64?) = (period?[0], period?[1])
    start = first ?? 0
    length = (end ?? 0) - start
    var last: [String: Int64] = [:]
    for table in ["bundle", "dialogue", "utterance", "failure"] {
      last[table] = try Int64.fetchOne(database, sql: "SELECT max(id) FROM \(table)") ?? 0
    }
    self.last = last
  }

  /// Takes away what would be kept right row by row.
  ///
  /// - Returns: the statements that make it again.
  func dropStructures(_ database: Database) throws -> [String] {
    let sql = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    return try Row.fetchAll(database, sql: sql).map { row in
      try database.execute(sql: "DROP \(row[0] as String) \(row[1] as String)")
      return row[2]
    }
  }

  func copy(_ repetition: Int, _ database: Database) throws {
    func shifted(_ column: String, _ table: String) -> (String, String) {
      (column, "\(column) + \(Int64(repetition) * (last[table] ?? 0))")
    }
    func renamed(_ column: String) -> (String, String) { (column, "\(column) || '~\(repetition)'") }
    let digest = ("digest", "printf('%04x', \(repetition)) || substr(digest, 1, 60)")
    try copy(
      "bundle", up: "id", of: "bundle",
      [
        shifted("id", "bundle"), digest, renamed("name"), renamed("title"), renamed("label_file"),
        ("scored", time("scored", repetition)), ("arrived", time("arrived", repetition)),
      ], database)
    try copy(
      "dialogue", up: "id", of: "dialogue",
      [shifted("id", "dialogue"), shifted("bundle", "bundle"), renamed("name")], database)
    try copy(
      "utterance", up: "id", of: "utterance",
      [shifted("id", "utterance"), shifted("bundle", "bundle"), shifted("dialogue", "dialogue")], database)
    try copy(
      "probe", up: "bundle", of: "bundle", [shifted("bundle", "bundle"), ("time", time("time", repetition))], database)
    try copy(
      "failure", up: "id", of: "failure",
      [shifted("id", "failure"), renamed("name"), ("time", time("time", repetition))], database)
    let numbers = last["utterance"] ?? 0
    try database.execute(
      sql: """
        INSERT INTO words (rowid, text)
        SELECT rowid + \(Int64(repetition) * numbers), text FROM words WHERE rowid <= \(numbers)
        """)
  }

  /// - Parameters:
  ///   - key: the column by which the first rows, those to repeat, are told.
  ///   - numbered: the table whose numbers that column holds.
  ///   - changed: the columns that differ, with what they become.
  private func copy(
    _ table: String, up key: String, of numbered: String, _ changed: [(String, String)], _ database: Database
  ) throws {
    let columns = try database.columns(in: table).map(\.name)
    let values = columns.map { column in changed.first { $0.0 == column }?.1 ?? column }
    try database.execute(
      sql: """
        INSERT INTO \(table) (\(columns.joined(separator: ", "))) SELECT \(values.joined(separator: ", "))
        FROM \(table) WHERE \(key) <= \(last[numbered] ?? 0)
        """)
  }

  /// Presses what was there into the first part of its period.
  func press(_ database: Database) throws {
    let bundles = last["bundle"] ?? 0
    try database.execute(
      sql: """
        UPDATE bundle SET scored = \(time("scored", 0)), arrived = \(time("arrived", 0)) WHERE id <= \(bundles);
        UPDATE probe SET time = \(time("time", 0)) WHERE bundle <= \(bundles);
        UPDATE failure SET time = \(time("time", 0)) WHERE id <= \(last["failure"] ?? 0);
        """)
  }

  private func time(_ column: String, _ repetition: Int) -> String {
    "\(start) + (\(column) - \(start)) / \(times) + \(Int64(repetition) * (length / Int64(times)))"
  }
}
