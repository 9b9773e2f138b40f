import GRDB

/// Numbers for the names of a table (id, name), looked up once per bundle and added where they are new.
struct NameTable {
  private let table: String
  private var known: [String: Int64] = [:]

  /// - Parameter table: a table of this schema: its name goes into the SQL text.
  init(_ table: String) {
    self.table = table
  }

  mutating func id(of name: String, _ database: Database) throws -> Int64 {
    if let id = known[name] { return id }
    let found = try Int64.fetchOne(database, sql: "SELECT id FROM \(table) WHERE name = ?", arguments: [name])
    let id: Int64
    if let found {
      id = found
    } else {
      try database.execute(sql: "INSERT INTO \(table) (name) VALUES (?)", arguments: [name])
      id = database.lastInsertedRowID
    }
    known[name] = id
    return id
  }
}
