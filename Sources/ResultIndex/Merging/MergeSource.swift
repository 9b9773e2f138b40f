import DialogueDomain
import Foundation
import GRDB
import GRDBSQLite

/// One of the indexes that are merged: its bundles one after the other, in the order of names and digests.
///
/// The file is read as one that nobody writes to, without locks: it may lie on a shared disk.
final class MergeSource {
  let url: URL
  private let connection: OpaquePointer
  private let bundles: RawStatement
  /// The bundle whose turn it is.
  private(set) var bundle: Head?
  /// By the number of whoever copies a table.
  private var selections: [Int: RawStatement] = [:]
  private var texts: [String: RawStatement] = [:]
  private var cursors: [Int: TableCursor] = [:]
  private var filled: [Int: Bool] = [:]
  /// Numbers of names here, and what they are in the merged index, by table.
  private var numbers: [[Int64: Int64]] = MergedTable.Named.allCases.map { _ in [:] }
  /// What is remembered of a table's numbers: looking them up again costs little, and memory stays bounded.
  private static let remembered = 4096
  /// What a bundle's row says, as far as its place is concerned.
  final class Head {
    let name: String
    let digest: String
    let id: Int64
    let model: Int64
    let labelFile: String
    let dialogues: Int64
    let utterances: Int64
    let isWorded: Bool

    /// The bundle at which a statement stands.
    fileprivate init(_ row: RawStatement) {
      name = row.text(0)
      digest = row.text(1)
      id = row.integer(2)
      model = row.integer(3)
      labelFile = row.text(4)
      dialogues = row.integer(5)
      utterances = row.integer(6)
      isWorded = row.integer(7) != 0
    }
  }

  /// - Parameter cache: KiB of pages to keep.
  /// - Throws: `IndexError` for a file that is no index of this version; `DatabaseError`.
  init(_ url: URL, cache: Int) throws {
    self.url = url
    guard FileManager.default.fileExists(atPath: url.path) else { throw IndexError.missing(url) }
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(IndexReader.immutableAddress(url), &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      defer { sqlite3_close_v2(opened) }
      throw RawStatement.error(code, opened)
    }
    connection = opened
    do {
      _ = try RawStatement(opened, "PRAGMA cache_size = -\(cache)").step()
      try Self.check(opened, url)
      bundles = try RawStatement(
        opened,
        """
        SELECT name, digest, id, model, label_file, dialogues, utterances, worded FROM bundle WHERE current
        ORDER BY name, digest
        """)
    } catch {
      sqlite3_close_v2(opened)
      throw error
    }
    try advance()
  }

  deinit {
    // Closed when its statements are.
    sqlite3_close_v2(connection)
  }

  private static func check(_ connection: OpaquePointer, _ url: URL) throws {
    func number(_ pragma: String) throws -> Int {
      let statement = try RawStatement(connection, "PRAGMA \(pragma)")
      return try statement.step() ? Int(statement.integer(0)) : 0
    }
    guard try number("application_id") == IndexSchema.applicationID else {
      throw IndexError.foreign(url, found: "an SQLite file without ambq's mark")
    }
    let version = try number("user_version")
    if version > IndexSchema.version { throw IndexError.newer(url, version: version) }
    if version < IndexSchema.version { throw IndexError.older(url, version: version) }
  }

  /// Goes to the next bundle.
  func advance() throws { bundle = try bundles.step() ? Head(bundles) : nil }

  /// A statement of this index, prepared when it is first asked for.
  func selection(_ sql: String) throws -> RawStatement {
    if let known = texts[sql] { return known }
    let statement = try RawStatement(connection, sql)
    texts[sql] = statement
    return statement
  }

  /// The statement by which a table is copied.
  func selection(of copy: Int, _ sql: String) throws -> RawStatement {
    if let known = selections[copy] { return known }
    let statement = try RawStatement(connection, sql)
    selections[copy] = statement
    return statement
  }

  /// The rows of a table that is copied from its first row to its last.
  func cursor(of copy: Int, _ table: String, _ list: [String]) throws -> TableCursor {
    if let known = cursors[copy] { return known }
    let cursor = try TableCursor(connection, table, list)
    cursors[copy] = cursor
    return cursor
  }

  /// Whether a table that is copied has any rows.
  func holds(of copy: Int, _ table: String) throws -> Bool {
    if let known = filled[copy] { return known }
    let found = try RawStatement(connection, "SELECT 1 FROM \(table) LIMIT 1").step()
    filled[copy] = found
    return found
  }

  /// What a name's number here is in the merged index, as far as that is remembered.
  func number(_ own: Int64, in table: MergedTable.Named) -> Int64? { numbers[table.place][own] }

  /// Remembers what a name's number here is in the merged index.
  func remember(_ own: Int64, in table: MergedTable.Named, as number: Int64) {
    if numbers[table.place].count >= Self.remembered { numbers[table.place].removeAll() }
    numbers[table.place][own] = number
  }
}

/// The rows of a table in the order of their numbers, each with its bundle's: one bundle's after the other, without a search
/// for each, where bundles come in the order in which they were recorded.
final class TableCursor {
  /// The row that comes next, where there is one.
  let rows: RawStatement
  private let search: RawStatement
  private var isAtRow = false
  /// Where the bundle's number stands, behind all columns that are copied.
  private let owner: Int32

  /// - Parameter list: the columns to copy.
  init(_ connection: OpaquePointer, _ table: String, _ list: [String]) throws {
    rows = try RawStatement(
      connection, "SELECT \(list.joined(separator: ", ")), bundle FROM \(table) WHERE id >= ?1 ORDER BY id")
    search = try RawStatement(connection, "SELECT id FROM \(table) WHERE bundle = ?1 ORDER BY id LIMIT 1")
    owner = Int32(list.count)
  }

  /// Goes to a bundle's first row.
  ///
  /// - Returns: whether there is one.
  func find(_ bundle: Int64) throws -> Bool {
    if isAtRow && rows.integer(owner) == bundle { return true }
    search.bind(bundle, at: 1)
    defer { search.reset() }
    guard try search.step() else { return false }
    rows.reset()
    rows.bind(search.integer(0), at: 1)
    isAtRow = try rows.step()
    return isAtRow
  }

  /// Goes to the next row.
  ///
  /// - Returns: whether it is the same bundle's.
  func advance(in bundle: Int64) throws -> Bool {
    isAtRow = try rows.step()
    return isAtRow && rows.integer(owner) == bundle
  }
}
