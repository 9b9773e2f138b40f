import GRDB

/// What SQLite's file header says of a file's origin.
enum IndexHeader {
  /// No tables yet, or not all of them: ambd was ended while it made the file.
  case empty
  case ours(version: Int)
  case newer(version: Int)
  case foreign(found: String)

  static func read(_ database: Database) throws -> IndexHeader {
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if application == IndexSchema.applicationID {
      if version == 0 { return .empty }
      return version > IndexSchema.version ? .newer(version: version) : .ours(version: version)
    }
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    if application == 0 && tables == 0 { return .empty }
    return .foreign(found: application == 0 ? "an SQLite file without ambq's mark" : "another program's SQLite file")
  }
}
