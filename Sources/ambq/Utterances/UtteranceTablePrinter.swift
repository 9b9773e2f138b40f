import Index
import Terminal

/// Utterances as a table whose columns fit the first thousand rows.
struct UtteranceTablePrinter: UtterancePrinter {
  static let detail = IndexedUtterance.Detail.labels
  private static let sampleSize = 1000
  private static let barWidth = 8

  private let console: Console
  private var sample: [IndexedUtterance] = []
  private var table: Table?
  private var showsTruth = false
  private var bundle: IndexedBundle?
  private var scored = ""

  init(_ console: Console) {
    self.console = console
  }

  mutating func print(_ row: IndexedUtterance) throws {
    if let table {
      try console.line(table.line(cells(row)))
    } else {
      sample.append(row)
      if sample.count == Self.sampleSize { try begin() }
    }
  }

  mutating func finish() throws {
    if table == nil && !sample.isEmpty { try begin() }
  }

  private mutating func begin() throws {
    showsTruth = sample.contains { $0.truth != nil }
    let rows = sample.map { cells($0) }
    sample = []
    let table = console.table(columns, sample: rows)
    try console.line(table.header)
    for row in rows { try console.line(table.line(row)) }
    self.table = table
  }

  private var columns: [Table.Column] {
    var columns = [
      Table.Column("DIALOGUE", shrinksTo: 8), Table.Column("TURN", .right), Table.Column("SPEAKER", shrinksTo: 6),
      Table.Column("EMOTION", shrinksTo: 6), Table.Column("CONFIDENCE"),
      Table.Column("TEXT", .right, droppable: 3), Table.Column("VISUAL", .right, droppable: 3),
      Table.Column("AUDIO", .right, droppable: 3), Table.Column("BUNDLE", shrinksTo: 8, droppable: 1),
      Table.Column("SCORED", droppable: 2),
    ]
    if showsTruth { columns.insert(Table.Column("TRUTH", shrinksTo: 6, droppable: 4), at: 5) }
    return columns
  }

  private mutating func cells(_ row: IndexedUtterance) -> [Table.Cell] {
    if row.bundle !== bundle {
      bundle = row.bundle
      scored = TimeText.local(row.bundle.scored)
    }
    let style = Palette.style(ofEmotion: row.emotion)
    var cells = [
      Table.Cell(row.dialogue), Table.Cell(String(row.turn), .faint), Table.Cell(row.speaker),
      Table.Cell(row.emotion, style),
      Table.Cell([
        (NumberText.decimal(row.confidence) + " ", .plain),
        (Bar.filled(row.confidence, width: Self.barWidth), style),
      ]),
      share(row.textShare), share(row.visualShare), share(row.audioShare), Table.Cell(row.bundle.title, .faint),
      Table.Cell(scored, .faint),
    ]
    if showsTruth { cells.insert(TruthMark.cell(row), at: 5) }
    return cells
  }

  private func share(_ value: Double?) -> Table.Cell {
    value.map { Table.Cell(NumberText.percent($0)) } ?? Table.Cell("–", .faint)
  }
}
