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
  private var selections: [String: RawStatement] = [:]
  /// Numbers of names here, and what they are in the merged index, by table.
  private var numbers: [[Int64: Int64]] = MergedTable.Named.allCases.map { _ in [:] }
  /// What is remembered of a table's numbers: looking them up again costs little, and memory stays bounded.
  private static let remembered = 4096
  /// KiB of pages: rows are read once, in order.
  private static let cache = 64

  /// What a bundle's row says, as far as its place is concerned.
  struct Head {
    let name: String
    let digest: String
    let id: Int64
    let model: Int64
    let labelFile: String
  }

  /// - Throws: `IndexError` for a file that is no index of this version; `DatabaseError`.
  init(_ url: URL) throws {
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
      _ = try RawStatement(opened, "PRAGMA cache_size = -\(Self.cache)").step()
      try Self.check(opened, url)
      bundles = try RawStatement(
        opened, "SELECT name, digest, id, model, label_file FROM bundle WHERE current ORDER BY name, digest")
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
  func advance() throws {
    bundle =
      try bundles.step()
      ? Head(
        name: bundles.text(0), digest: bundles.text(1), id: bundles.integer(2), model: bundles.integer(3),
        labelFile: bundles.text(4)) : nil
  }

  /// A statement of this index, prepared when it is first asked for.
  func selection(_ sql: String) throws -> RawStatement {
    if let known = selections[sql] { return known }
    let statement = try RawStatement(connection, sql)
    selections[sql] = statement
    return statement
  }

  /// What a name's number here is in the merged index.
  func number(_ own: Int64, in table: MergedTable.Named, _ find: (Int64) throws -> Int64) throws -> Int64 {
    if let known = numbers[table.place][own] { return known }
    let found = try find(own)
    if numbers[table.place].count >= Self.remembered { numbers[table.place].removeAll() }
    numbers[table.place][own] = found
    return found
  }
}
