import GRDB

/// Takes over rows of one table, from one index after the other.
final class TableCopy {
  /// The columns that are set and not taken over, by their place.
  let links: [(column: Int32, link: MergedTable.Link)]
  private let own: MergedTable.Numbered?
  private let plain: [Int32]
  private let columns: [String]
  private let insertion: RawStatement
  private let selection: String

  /// - Throws: `DatabaseError`.
  init(_ table: MergedTable, _ database: Database, _ connection: OpaquePointer) throws {
    let name = table.name
    own = MergedTable.Numbered(rawValue: name)
    let columns = try table.columns ?? database.columns(in: table.name).map(\.name)
    self.columns = columns
    let list = columns.joined(separator: ", ")
    let marks = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    insertion = try RawStatement(connection, "INSERT INTO \(name) (\(list)) VALUES (\(marks))")
    selection = "SELECT \(list) FROM \(name) \(table.rows)"
    links = table.links.compactMap { column, link in
      columns.firstIndex(of: column).map { (Int32($0), link) }
    }
    let linked = Set(table.links.map(\.column))
    plain = columns.indices.filter { !linked.contains(columns[$0]) }.map { Int32($0) }
  }

  /// Whether these are the rows that a number is of.
  func owns(_ table: MergedTable.Numbered) -> Bool { table == own }

  /// Takes over the rows that the arguments choose.
  ///
  /// - Parameter link: sets the columns that mean something else in the merged index.
  func run(
    from source: MergeSource, arguments: [Int64], digest: String? = nil,
    link: (TableCopy, RawStatement) throws -> Void
  ) throws {
    let row = try source.selection(selection)
    for (place, argument) in arguments.enumerated() where place < row.parameters {
      row.bind(argument, at: Int32(place + 1))
    }
    if let digest, row.parameters == 4 { row.bind(digest, at: 4) }
    while try row.step() {
      for column in plain { insertion.bind(column, of: row, at: column + 1) }
      try link(self, row)
      _ = try insertion.step()
    }
  }

  func set(_ column: Int32, _ value: Int64) { insertion.bind(value, at: column + 1) }

  func set(_ column: Int32, _ text: String) { insertion.bind(text, at: column + 1) }

  func setNull(_ column: Int32) { insertion.bindNull(at: column + 1) }

  func set(_ column: String, _ value: Int64) {
    if let place = columns.firstIndex(of: column) { set(Int32(place), value) }
  }

  func set(_ column: String, _ text: String) {
    if let place = columns.firstIndex(of: column) { set(Int32(place), text) }
  }
}
