import Foundation
import GRDB

extension IndexReader {
  /// Makes the index's sums anew and compares them with those that it keeps.
  ///
  /// Everything is read once, in one state of the index, on a connection of its own; what is made lies in temporary files.
  ///
  /// - Parameter progress: told how many scorings are done, and of how many.
  /// - Returns: of each table that differs its name and in how many rows; nothing where all is well.
  /// - Throws: `IndexError`.
  public func wrongSums(progress: (Int, Int) -> Void = { _, _ in }) throws -> [(table: String, rows: Int)] {
    try IndexError.explained(url) {
      let connection = try Self.open(queue.path)
      return try connection.unsafeRead { database in
        try database.execute(sql: "PRAGMA foreign_keys = 0; BEGIN")
        defer { try? database.execute(sql: "ROLLBACK") }
        try SumTables.createTables(database, isTemporary: true)
        try ConfidenceRanges.create(database, isTemporary: true)
        try SumTables.fill(database, progress: progress)
        return try SumTables.names.compactMap { table in
          let count = try Self.differences(table, database)
          return count > 0 ? (table, count) : nil
        }
      }
    }
  }

  /// How many rows only one of two tables of a name has; those that have come to nothing are as good as none.
  private static func differences(_ table: String, _ database: Database) throws -> Int {
    let columns = try database.columns(in: table, in: "main").map { column in
      // Shares of runs, and confidences that are no Float's, are rounded in the order in which they are added.
      ["stability", "confidence"].contains(column.name) ? "round(\(column.name), 6)" : column.name
    }.joined(separator: ", ")
    let count =
      switch table {
      case "scoring_sum", "probe_sum": "bundles"
      case "confidence_range": "1"
      default: "utterances"
      }
    func rows(_ schema: String) -> String {
      "SELECT \(columns) FROM \(schema).\(table) WHERE \(count) <> 0"
    }
    let sql = """
      SELECT (SELECT count(*) FROM (\(rows("main")) EXCEPT \(rows("temp"))))
        + (SELECT count(*) FROM (\(rows("temp")) EXCEPT \(rows("main"))))
      """
    return try Int.fetchOne(database, sql: sql) ?? 0
  }
}
