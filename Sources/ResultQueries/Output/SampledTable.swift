import Presentation

/// A table that takes row after row: its columns fit the first thousand.
struct SampledTable {
  private static let sampleSize = 1000
  /// Texts of later rows may be this much longer.
  static let slack = 4
  /// The same where the columns had to be laid out after few rows.
  static let slackOfStream = 24

  private let console: ResultConsole
  private let columns: [Table.Column]
  private var sample: [[Table.Cell]] = []
  private var table: Table?

  init(_ console: ResultConsole, _ columns: [Table.Column]) {
    self.console = console
    self.columns = columns
  }

  mutating func append(_ row: [Table.Cell]) throws {
    if let table { return try console.line(row, of: table) }
    sample.append(row)
    if sample.count == Self.sampleSize { try begin(slack: Self.slack) }
  }

  /// Lays out what has come so far: no row is to be expected soon.
  mutating func pause() throws {
    if table == nil, !sample.isEmpty { try begin(slack: Self.slackOfStream) }
  }

  /// Must be called after the last row; without any, nothing is printed.
  mutating func finish() throws {
    if table == nil, !sample.isEmpty { try begin(slack: 0) }
  }

  private mutating func begin(slack: Int) throws {
    let table = console.table(columns, sample: sample, slack: slack)
    try console.line(table.header)
    for row in sample { try console.line(row, of: table) }
    sample = []
    self.table = table
  }
}
