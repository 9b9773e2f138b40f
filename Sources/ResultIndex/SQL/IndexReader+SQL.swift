import Foundation
import GRDB
import GRDBSQLite

/// A value of a row that SQL gives.
public enum SQLValue: Sendable, Hashable {
  /// Nothing known.
  case null
  /// A whole number.
  case integer(Int64)
  /// Any number.
  case number(Double)
  /// Words.
  case text(String)
  /// Bytes.
  case bytes(Data)

  init(_ value: DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let number): self = .integer(number)
    case .double(let number): self = .number(number)
    case .string(let text): self = .text(text)
    case .blob(let data): self = .bytes(data)
    }
  }
}

/// A query in SQL, which can do nothing but read.
public struct SQLQuery: Sendable {
  /// One statement.
  public var text: String
  /// Whether the views have scorings that another model's have superseded as well.
  public var allModels = false
  /// How long SQLite may work on it; nil: as long as it takes.
  public var limit: Duration?

  /// A query without a limit.
  public init(_ text: String) {
    self.text = text
  }
}

extension IndexReader {
  /// Runs a query over the views of `IndexView.all`, on a read-only connection of its own.
  ///
  /// Nothing can be written, no other file be opened and no code be loaded: the connection is read-only, an authorizer lets
  /// through what reads and nothing else, and SQLite's limit of attached files is 0.
  ///
  /// - Parameters:
  ///   - begin: told the columns' names before the first row.
  ///   - body: given one row after the other; what it throws ends the query.
  /// - Returns: how many rows there were.
  /// - Throws: `IndexError`, of the kind `usage` where the query is wrong, writes, or takes too long.
  public func select(
    _ query: SQLQuery, begin: ([String]) throws -> Void, _ body: ([SQLValue]) throws -> Void
  ) throws -> Int {
    let connection = try IndexError.explained(url) { try Self.open(queue.path) }
    return try IndexError.explained(url) {
      try connection.unsafeRead { database -> Int in
        database.add(function: FloatFunction.function)
        for view in IndexView.all { try database.execute(sql: view.definition(allModels: query.allModels)) }
        // The full-text table sets itself up when it is first used, which is more than a query may do.
        try database.execute(sql: "SELECT rowid FROM words WHERE rowid = 0")
        try database.execute(sql: "PRAGMA query_only = 1")
        let supervision = QuerySupervision(database, limit: query.limit)
        defer { supervision.end() }
        return try Self.rows(of: query.text, database, supervision, begin: begin, body)
      }
    }
  }

  private static func rows(
    of text: String, _ database: Database, _ supervision: QuerySupervision, begin: ([String]) throws -> Void,
    _ body: ([SQLValue]) throws -> Void
  ) throws -> Int {
    let statement = try supervision.explained(text) { try database.makeStatement(sql: text) }
    guard statement.columnCount > 0, sqlite3_stmt_readonly(statement.sqliteStatement) != 0 else {
      throw SQLError.writes(found: text)
    }
    try begin(statement.columnNames)
    let rows = try supervision.explained(text) { try Row.fetchCursor(statement) }
    var count = 0
    while let row = try supervision.explained(text, { try rows.next() }) {
      try body(row.databaseValues.map { SQLValue($0) })
      count += 1
    }
    return count
  }
}

/// `ambq_float(vector, place)`: a value of a vector of Float32, as `FloatBlob` stores it; null where there is none.
enum FloatFunction {
  static let name = "ambq_float"

  static var function: DatabaseFunction {
    DatabaseFunction(name, argumentCount: 2, pure: true) { values in
      guard let data = Data.fromDatabaseValue(values[0]), let place = Int.fromDatabaseValue(values[1]) else {
        return nil
      }
      let start = place * 4
      guard place >= 0, start + 4 <= data.count else { return nil }
      let value = FloatBlob.decode(data[(data.startIndex + start)..<(data.startIndex + start + 4)])
      return value.first.map { Double($0) }
    }
  }
}
