import DialogueDomain
import GRDB
import GRDBSQLite

/// Watches over somebody's query on one connection: what it may do, and for how long.
final class QuerySupervision {
  private let database: Database
  private let budget: TimeBudget
  /// Virtual machine steps between two looks at the clock: a millisecond or less.
  private static let stepsBetweenLooks: Int32 = 10_000
  /// The longest text or vector: without a limit, one call of a function could fill the memory.
  private static let longestValue: Int32 = 1 << 26

  init(_ database: Database, limit: Duration?) {
    self.database = database
    budget = TimeBudget(limit)
    let connection = database.sqliteConnection
    sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Self.longestValue)
    sqlite3_set_authorizer(
      connection,
      { _, action, first, second, _, _ in
        let isAllowed = QueryRights.allow(
          action, first.map { String(cString: $0) } ?? "", second.map { String(cString: $0) } ?? "")
        return isAllowed ? SQLITE_OK : SQLITE_DENY
      }, nil)
    if limit != nil {
      sqlite3_progress_handler(
        connection, Self.stepsBetweenLooks,
        { budget in
          guard let budget else { return 0 }
          return Unmanaged<TimeBudget>.fromOpaque(budget).takeUnretainedValue().isSpent ? 1 : 0
        }, Unmanaged.passUnretained(budget).toOpaque())
    }
  }

  /// Lets the connection go; must be called while it is open.
  func end() {
    sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil)
    sqlite3_set_authorizer(database.sqliteConnection, nil, nil)
  }

  /// Has SQLite work on the query, with its errors put into words; only this time counts against the limit.
  func explained<Value>(_ query: String, _ body: () throws -> Value) throws -> Value {
    budget.run()
    defer { budget.rest() }
    do {
      return try body()
    } catch let error as DatabaseError {
      let place = error.resultCode == .SQLITE_ERROR ? Int(sqlite3_error_offset(database.sqliteConnection)) : -1
      switch error.resultCode {
      case .SQLITE_INTERRUPT: throw SQLError.tooLong(limit: budget.limit)
      case .SQLITE_AUTH, .SQLITE_READONLY: throw SQLError.writes(found: query)
      case .SQLITE_ERROR where error.message?.hasPrefix("not authorized") == true: throw SQLError.writes(found: query)
      case .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_TOOBIG, .SQLITE_RANGE, .SQLITE_MISMATCH:
        throw SQLError.wrong(error.message ?? "SQLite error \(error.resultCode.rawValue)", query, byte: place)
      default: throw error
      }
    }
  }
}

/// Time that is used up while SQLite works, and not while its reader does something else: a pager may rest for hours.
private final class TimeBudget {
  let limit: Duration?
  private var left: Duration
  private var began: ContinuousClock.Instant?

  init(_ limit: Duration?) {
    self.limit = limit
    left = limit ?? .zero
  }

  func run() { if limit != nil { began = .now } }

  func rest() {
    if let began { left -= .now - began }
    began = nil
  }

  var isSpent: Bool { began.map { .now - $0 > left } ?? false }
}

/// What a query may do: read, and call functions that only compute.
enum QueryRights {
  static func allow(_ action: Int32, _ first: String, _ second: String) -> Bool {
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: true
    case SQLITE_FUNCTION: second.lowercased() != "load_extension"
    // The full-text search asks for it itself.
    case SQLITE_PRAGMA: first.lowercased() == "data_version" && second.isEmpty
    default: false
    }
  }
}

/// What is wrong with a query, for people.
enum SQLError {
  private static let remedy =
    "Texts stand in 'single quotes'. 'ambq sql --views' lists what can be asked, and ambq(1) tells more."

  /// - Parameter byte: where in the query, or negative.
  static func wrong(_ message: String, _ query: String, byte: Int) -> IndexError {
    let bytes = Array(query.utf8)
    guard bytes.indices.contains(byte) else {
      return IndexError(Explanation(.usage, "SQLite does not understand the query: \(message)", remedy: remedy))
    }
    let before = String(decoding: bytes[..<byte], as: UTF8.self)
    let line = before.split(separator: "\n", omittingEmptySubsequences: false)
    let place =
      line.count > 1
      ? "line \(line.count), character \((line.last?.count ?? 0) + 1)" : "character \(before.count + 1)"
    let rest = String(decoding: bytes[byte...], as: UTF8.self)
    let shown = rest.prefix { $0 != "\n" }
    return IndexError(
      Explanation(
        .usage, "SQLite does not understand the query: \(message)",
        at: "\(place), from '\(shown.prefix(30))\(shown.count > 30 ? "…" : "")'", remedy: remedy))
  }

  static func writes(found query: String) -> IndexError {
    IndexError(
      Explanation(
        .usage, "ambq sql only reads", found: String(query.prefix(60)),
        expected: "one statement that gives rows: SELECT, WITH … SELECT, VALUES or EXPLAIN",
        remedy: "To change the index by hand, work on a copy."))
  }

  static func tooLong(limit: Duration?) -> IndexError {
    let seconds = limit.map { Double($0.components.seconds) + Double($0.components.attoseconds) * 1e-18 } ?? 0
    return IndexError(
      Explanation(
        .usage, "the query took longer than it may", expected: "\(seconds) seconds of SQLite's work",
        remedy: "Ask for less, or raise the limit with --timeout SECONDS; 0 is no limit."))
  }
}
