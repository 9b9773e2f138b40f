import DialogueDomain
import GRDB
import GRDBSQLite

/// A prepared statement of SQLite's own interface: values go from one connection to another without being looked at.
///
/// Ten million rows of twenty values are no work for anything above it.
final class RawStatement {
  private let handle: OpaquePointer
  private let connection: OpaquePointer
  /// How many values it takes.
  let parameters: Int32

  /// - Throws: `DatabaseError` where SQLite does not understand the text.
  init(_ connection: OpaquePointer, _ sql: String) throws {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw Self.error(code, connection) }
    handle = prepared
    self.connection = connection
    parameters = sqlite3_bind_parameter_count(prepared)
  }

  deinit { sqlite3_finalize(handle) }

  /// Goes to the next row.
  ///
  /// - Returns: whether there is one; where not, the statement can be run again.
  func step() throws -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw Self.error(code, connection) }
    return false
  }

  /// Ends the rows, so that the statement can be run again.
  func reset() { sqlite3_reset(handle) }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func text(_ column: Int32) -> String { sqlite3_column_text(handle, column).map { String(cString: $0) } ?? "" }

  func bind(_ value: Int64, at parameter: Int32) { sqlite3_bind_int64(handle, parameter, value) }

  func bindNull(at parameter: Int32) { sqlite3_bind_null(handle, parameter) }

  func bind(_ text: String, at parameter: Int32) {
    // The destructor -1 has SQLite make a copy.
    let copying = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    _ = text.withCString { sqlite3_bind_text(handle, parameter, $0, -1, copying) }
  }

  /// Takes over a value of another statement's row.
  func bind(_ column: Int32, of row: RawStatement, at parameter: Int32) {
    sqlite3_bind_value(handle, parameter, sqlite3_column_value(row.handle, column))
  }

  static func error(_ code: Int32, _ connection: OpaquePointer?) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) })
  }
}
