import Foundation
import Presentation
import ResultIndex

/// What a query in SQL gives, in any format: `ambq sql`.
public struct SQLOutput {
  private let reader: IndexReader
  private let console: ResultConsole

  /// - Parameter console: where the rows go.
  public init(_ reader: IndexReader, _ console: ResultConsole) {
    self.reader = reader
    self.console = console
  }

  /// Writes the rows, one after the other: memory stays the same however many there are.
  ///
  /// - Returns: how many there were.
  /// - Throws: `IndexError`, of the kind `usage` where the query is wrong; `OutputError`.
  public func write(_ query: SQLQuery) throws -> Int {
    console.drawsTable ? try draw(query) : try list(query)
  }

  /// Lists the views and their columns, with what they mean.
  public static func listViews(on console: ResultConsole) throws {
    let columns = IndexView.all.flatMap { view in view.columns.map { (view: view, column: $0) } }
    guard console.drawsTable else {
      return try RecordColumns<(view: IndexView, column: IndexView.Column)>([
        .text("view") { $0.view.name }, .text("column") { $0.column.name }, .text("type") { $0.column.kind.rawValue },
        .text("meaning") { $0.column.meaning },
      ]).write(columns, on: console)
    }
    for (position, view) in IndexView.all.enumerated() {
      if position > 0 { try console.line() }
      try console.line("\(console.styled(view.name, .bold)): \(view.meaning)")
      let width = (view.columns.map(\.name.count).max() ?? 0) + 2
      for column in view.columns {
        let kind = column.kind.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
        try console.fact(
          column.name, .plain, width: width, indent: 2, "\(console.styled(kind, .faint))\(column.meaning)")
      }
    }
  }

  private func list(_ query: SQLQuery) throws -> Int {
    var writer: RecordWriter<[SQLValue]>?
    let count = try reader.select(query) { names in
      let columns = Self.distinct(names).enumerated().map { place, name in
        RecordColumn<[SQLValue]>.varying(name) { RecordValue($0[place]) }
      }
      writer = try RecordWriter(RecordColumns(columns), console)
    } _: { row in
      try writer?.append(row)
    }
    try writer?.finish()
    return count
  }

  /// A table whose columns of numbers, by the first row, are set to the right.
  private func draw(_ query: SQLQuery) throws -> Int {
    var names: [String] = []
    var table: SampledTable?
    let count = try reader.select(query) {
      names = $0
    } _: { row in
      if table == nil {
        let columns = zip(names, row).map { name, value in
          Table.Column(name, value.isNumber ? .right : .left, shrinksTo: value.isNumber ? nil : 8)
        }
        table = SampledTable(console, columns)
      }
      try table?.append(row.map { Table.Cell($0.shown) })
    }
    try table?.finish()
    return count
  }

  /// Names of columns, each once, since members of an object need names of their own: the second `n` is `n:2`.
  static func distinct(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.map { name in
      var (candidate, number) = (name, 2)
      while !taken.insert(candidate).inserted {
        candidate = "\(name):\(number)"
        number += 1
      }
      return candidate
    }
  }
}

extension RecordValue {
  /// Bytes are told in hexadecimal digits.
  fileprivate init(_ value: SQLValue) {
    switch value {
    case .null: self = .text(nil)
    case .integer(let number): self = .integer(Int(number))
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case .bytes(let data): self = .text(data.hexadecimal)
    }
  }
}

extension SQLValue {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .number: true
    case .null, .text, .bytes: false
    }
  }

  /// In a table's cell: numbers with up to six decimals, as in CSV.
  fileprivate var shown: String {
    switch self {
    case .null: return ""
    case .integer(let number): return String(number)
    case .number(let number):
      var text = DelimitedText(.tsv)
      text.field(number)
      return String(decoding: text.bytes, as: UTF8.self)
    case .text(let text): return text
    case .bytes(let data): return data.hexadecimal
    }
  }
}

extension Data {
  fileprivate var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
