import DialogueDomain
import GRDB

/// Takes over rows of one table, from one index after the other.
final class TableCopy {
  /// The columns that are set and not taken over, by their place.
  let links: [(column: Int32, link: MergedTable.Link)]
  let table: MergedTable
  /// What the last row has in the columns that are set; 0 for nothing.
  private(set) var linked: [Int64]
  /// Tells this copy from the others.
  private let number: Int
  private let own: MergedTable.Numbered?
  private let plain: [Int32]
  private let columns: [String]
  private let insertion: RawStatement
  private let selection: String

  /// - Parameter number: tells this copy from others.
  /// - Throws: `DatabaseError`.
  init(_ table: MergedTable, number: Int, _ database: Database) throws {
    self.table = table
    self.number = number
    own = MergedTable.Numbered(rawValue: table.name)
    let columns = try table.columns ?? database.columns(in: table.name).map(\.name)
    self.columns = columns
    linked = [Int64](repeating: 0, count: columns.count)
    let list = columns.joined(separator: ", ")
    let marks = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    insertion = try RawStatement(database, "INSERT INTO \(table.name) (\(list)) VALUES (\(marks))")
    if case .chosen(let clause) = table.rows {
      selection = "SELECT \(list) FROM \(table.name) \(clause)"
    } else {
      selection = ""
    }
    links = table.links.compactMap { column, link in
      columns.firstIndex(of: column).map { (Int32($0), link) }
    }
    let linked = Set(table.links.map(\.column))
    plain = columns.indices.filter { !linked.contains(columns[$0]) }.map { Int32($0) }
  }

  /// Whether these are the rows that a number is of.
  func owns(_ table: MergedTable.Numbered) -> Bool { table == own }

  /// Takes over the rows of a bundle, or those that the arguments choose.
  ///
  /// - Parameters:
  ///   - arguments: the first is the bundle's number.
  ///   - link: sets the columns that mean something else in the merged index.
  func run(
    from source: MergeSource, arguments: [Int64], digest: String? = nil,
    link: (TableCopy, RawStatement) throws -> Void
  ) throws {
    guard case .chosen = table.rows else {
      let cursor = try source.cursor(of: number, table.name, columns)
      guard try cursor.find(arguments[0]) else { return }
      repeat { try take(cursor.rows, link) } while try cursor.advance(in: arguments[0])
      return
    }
    guard try source.holds(of: number, table.name) else { return }
    let rows = try source.selection(of: number, selection)
    for (place, argument) in arguments.enumerated() where place < rows.parameters {
      rows.bind(argument, at: Int32(place + 1))
    }
    if let digest, rows.parameters == 4 { rows.bind(digest, at: 4) }
    while try rows.step() { try take(rows, link) }
  }

  private func take(_ row: RawStatement, _ link: (TableCopy, RawStatement) throws -> Void) throws {
    for column in plain { insertion.bind(column, of: row, at: column + 1) }
    try link(self, row)
    _ = try insertion.step()
  }

  func set(_ column: Int32, _ value: Int64) {
    linked[Int(column)] = value
    insertion.bind(value, at: column + 1)
  }

  func set(_ column: Int32, _ text: String) { insertion.bind(text, at: column + 1) }

  func setNull(_ column: Int32) {
    linked[Int(column)] = 0
    insertion.bindNull(at: column + 1)
  }

  func set(_ column: String, _ value: Int64) {
    if let place = columns.firstIndex(of: column) { set(Int32(place), value) }
  }

  func set(_ column: String, _ text: String) {
    if let place = columns.firstIndex(of: column) { set(Int32(place), text) }
  }

  /// Where a column stands.
  ///
  /// - Throws: `DatabaseError` where there is none of this name.
  func place(of column: String) throws -> Int32 {
    guard let place = columns.firstIndex(of: column) else {
      throw DatabaseError(resultCode: .SQLITE_ERROR, message: "no such column: \(column)")
    }
    return Int32(place)
  }
}
