import DialogueDomain
import Foundation
import GRDB
import GRDBSQLite

/// A prepared statement of SQLite's own interface: values go in, and from one connection to another, without being looked at.
///
/// Ten million rows of twenty values are no work for anything above it.
final class RawStatement {
  private let handle: OpaquePointer
  private let connection: OpaquePointer
  /// Whose statement it is, where it is another's.
  private let owner: Statement?
  /// How many values it takes.
  let parameters: Int32

  /// - Throws: `DatabaseError` where SQLite does not understand the text.
  init(_ connection: OpaquePointer, _ sql: String) throws {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw Self.error(code, connection) }
    handle = prepared
    owner = nil
    self.connection = connection
    parameters = sqlite3_bind_parameter_count(prepared)
  }

  /// The statement that a connection keeps for a text.
  ///
  /// - Throws: `DatabaseError` where SQLite does not understand the text.
  init(_ database: Database, _ sql: String) throws {
    let statement = try database.cachedStatement(sql: sql)
    guard let connection = database.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
    handle = statement.sqliteStatement
    owner = statement
    self.connection = connection
    parameters = sqlite3_bind_parameter_count(handle)
    sqlite3_reset(handle)
  }

  deinit {
    guard owner != nil else { return _ = sqlite3_finalize(handle) }
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  /// Goes to the next row.
  ///
  /// - Returns: whether there is one; where not, the statement can be run again.
  func step() throws -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    let error = code == SQLITE_DONE ? nil : Self.error(code, connection)
    sqlite3_reset(handle)
    if let error { throw error }
    return false
  }

  /// Ends the rows, so that the statement can be run again.
  func reset() { sqlite3_reset(handle) }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func text(_ column: Int32) -> String { sqlite3_column_text(handle, column).map { String(cString: $0) } ?? "" }

  func bind(_ value: Int64, at parameter: Int32) { sqlite3_bind_int64(handle, parameter, value) }

  func bind(_ value: Double, at parameter: Int32) { sqlite3_bind_double(handle, parameter, value) }

  func bindNull(at parameter: Int32) { sqlite3_bind_null(handle, parameter) }

  func bind(_ text: String, at parameter: Int32) {
    _ = text.withCString { sqlite3_bind_text(handle, parameter, $0, -1, Self.copying) }
  }

  func bind(_ bytes: Data, at parameter: Int32) {
    _ = bytes.withUnsafeBytes { bytes in
      bytes.isEmpty
        ? sqlite3_bind_zeroblob(handle, parameter, 0)
        : sqlite3_bind_blob(handle, parameter, bytes.baseAddress, Int32(bytes.count), Self.copying)
    }
  }

  /// Takes over a value of another statement's row, which must stay at that row until this statement has run.
  func bind(_ column: Int32, of row: RawStatement, at parameter: Int32) {
    let source = row.handle
    switch sqlite3_column_type(source, column) {
    case SQLITE_INTEGER: sqlite3_bind_int64(handle, parameter, sqlite3_column_int64(source, column))
    case SQLITE_FLOAT: sqlite3_bind_double(handle, parameter, sqlite3_column_double(source, column))
    case SQLITE_TEXT:
      let text = UnsafeRawPointer(sqlite3_column_text(source, column))?.assumingMemoryBound(to: CChar.self)
      sqlite3_bind_text(handle, parameter, text, sqlite3_column_bytes(source, column), nil)
    case SQLITE_BLOB:
      let bytes = sqlite3_column_blob(source, column)
      // An empty one has no place in memory, and would become NULL.
      if bytes == nil {
        sqlite3_bind_zeroblob(handle, parameter, 0)
      } else {
        sqlite3_bind_blob(handle, parameter, bytes, sqlite3_column_bytes(source, column), nil)
      }
    default: sqlite3_bind_null(handle, parameter)
    }
  }

  /// The destructor -1 has SQLite make a copy.
  private static var copying: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  static func error(_ code: Int32, _ connection: OpaquePointer?) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) })
  }
}

/// Statements that run once for each row, with values in the order of their parameters.
extension RawStatement {
  /// Binds values one after the other.
  struct Binder {
    fileprivate let statement: RawStatement
    fileprivate var parameter: Int32 = 0

    mutating func add(_ value: Int64?) {
      parameter += 1
      if let value { statement.bind(value, at: parameter) } else { statement.bindNull(at: parameter) }
    }

    mutating func add(_ value: Int) { add(Int64(value)) }

    mutating func add(_ value: Double?) {
      parameter += 1
      if let value { statement.bind(value, at: parameter) } else { statement.bindNull(at: parameter) }
    }

    mutating func add(_ value: String) {
      parameter += 1
      statement.bind(value, at: parameter)
    }

    mutating func add(_ value: Data?) {
      parameter += 1
      if let value { statement.bind(value, at: parameter) } else { statement.bindNull(at: parameter) }
    }
  }

  /// Runs a statement that gives no rows.
  func run(_ bind: (inout Binder) throws -> Void) throws {
    var binder = Binder(statement: self)
    try bind(&binder)
    _ = try step()
  }

  /// The number that a query for a text gives first; nil where it gives none.
  func number(for text: String) throws -> Int64? {
    bind(text, at: 1)
    defer { reset() }
    return try step() ? integer(0) : nil
  }
}
