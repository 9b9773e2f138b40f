import DialogueDomain
import Foundation
import GRDB

/// Utterances in the order in which they were recorded.
public struct RecordedRows: Sendable {
  /// Each with its cursor.
  public let rows: [IndexedUtterance]
  /// Behind everything that was looked at, whether or not it passed the filters.
  public let end: IndexCursor
  /// Whether nothing was left over.
  public let isComplete: Bool
}

extension IndexReader {
  /// The utterances recorded behind a cursor that a query's filters let pass; its order, limit and offset are left aside.
  ///
  /// They are read into memory, so that no slow reader keeps the daemon from folding its log into the index.
  ///
  /// - Parameter limit: at most so many.
  /// - Throws: `IndexError`, of the kind `data` where the cursor belongs to another index.
  public func recorded(
    _ query: UtteranceQuery, after cursor: IndexCursor, limit: Int, detail: IndexedUtterance.Detail = .labels
  ) throws -> RecordedRows {
    try read { database in
      var marks = CursorMarks()
      guard try marks.cursor(at: cursor.row, database) == cursor else {
        throw IndexError.cursorOfAnotherIndex(cursor, url)
      }
      let last = try Self.lastRow(database)
      guard last > cursor.row, limit > 0 else {
        return RecordedRows(rows: [], end: cursor, isComplete: last <= cursor.row)
      }
      let range: SQL = "u.id > \(cursor.row) AND u.id <= \(last)"
      let rows = try Self.rows(query, range, "ORDER BY u.id LIMIT \(limit)", detail, &marks, database)
      if rows.count == limit, let end = rows.last?.cursor {
        return RecordedRows(rows: rows, end: end, isComplete: end.row == last)
      }
      return RecordedRows(rows: rows, end: try marks.cursor(at: last, database) ?? cursor, isComplete: true)
    }
  }

  /// The utterances recorded last that a query's filters let pass, in the order in which they were recorded.
  ///
  /// - Parameter count: how many at most.
  /// - Throws: `IndexError`.
  public func lastRecorded(
    _ query: UtteranceQuery, _ count: Int, detail: IndexedUtterance.Detail = .labels
  ) throws -> RecordedRows {
    try read { database in
      var marks = CursorMarks()
      let last = try Self.lastRow(database)
      let range: SQL = "u.id <= \(last)"
      let rows =
        count > 0 ? try Self.rows(query, range, "ORDER BY u.id DESC LIMIT \(count)", detail, &marks, database) : []
      let end = try marks.cursor(at: last, database) ?? .start
      return RecordedRows(rows: rows.reversed(), end: end, isComplete: true)
    }
  }

  /// Whether another file, or none, lies where this one was opened.
  public var isReplaced: Bool { IndexWriter.identity(url, S_IFREG) != opened }

  /// The folder that the index lies in, with its write-ahead log.
  public var folder: URL { url.deletingLastPathComponent() }

  /// What to tell whoever follows an index that is replaced.
  public var replaced: IndexError { .replacedWhileFollowed(url) }

  private static func lastRow(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(try database.cachedStatement(sql: "SELECT max(id) FROM utterance")) ?? 0
  }

  /// Goes by the rows' numbers, so that only new ones are looked at.
  private static func rows(
    _ query: UtteranceQuery, _ range: SQL, _ order: SQL, _ detail: IndexedUtterance.Detail, _ marks: inout CursorMarks,
    _ database: Database
  ) throws -> [IndexedUtterance] {
    let utterances: SQL =
      query.words == nil ? "FROM utterance u NOT INDEXED" : "FROM words CROSS JOIN utterance u ON u.id = words.rowid"
    let joins: SQL =
      utterances + " CROSS JOIN bundle b ON b.id = u.bundle CROSS JOIN dialogue d ON d.id = u.dialogue "
    let columns = SQL(sql: UtteranceDecoder.columns(detail) + ", u.id AS row_id ")
    let sql: SQL =
      "SELECT " + columns + joins + UtteranceSelection(query, and: range).conditions + " " + order
    let (text, arguments) = try sql.build(database)
    var decoder = try UtteranceDecoder(database, detail: detail)
    var found: [IndexedUtterance] = []
    let rows = try Row.fetchCursor(database, sql: text, arguments: arguments)
    while let row = try rows.next() {
      var utterance = try decoder.decode(row, database)
      utterance.cursor = try marks.mark(ofBundle: utterance.bundle.id, database)
        .map { IndexCursor(row: row["row_id"], mark: $0) }
      found.append(utterance)
    }
    return found
  }
}
