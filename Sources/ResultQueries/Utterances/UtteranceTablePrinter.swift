import DialogueDomain
import Presentation
import ResultIndex

/// Utterances as a table whose columns fit the first thousand rows.
struct UtteranceTablePrinter: UtterancePrinter {
  let detail = IndexedUtterance.Detail.labels
  private static let sampleSize = 1000
  private static let barWidth = 8

  private let console: ResultConsole
  private let matching: EmotionMatching
  private var sample: [IndexedUtterance] = []
  private var table: Table?
  private var showsTruth = false
  private var showsStability = false
  private var showsWords = false
  private let showsSets: Bool
  private var bundle: IndexedBundle?
  /// The cells that all rows of `bundle` have in common.
  private var origin: [Table.Cell] = []
  private var labels: [String: EmotionCells] = [:]
  /// Per cent from 0 to 100.
  private let shares = (0...100).map { Table.Cell("\($0) %") }
  /// Confidences from 0.00 to 1.00.
  private let confidences = (0...100).map { Table.Cell(NumberText.decimal(Double($0) / 100) + " ") }

  /// What is drawn in an emotion's colour: made once, since a listing has many thousand of them.
  private struct EmotionCells {
    let name: Table.Cell
    let uncertainName: Table.Cell
    /// Bars from empty to full, an eighth of a column apart.
    let bars: [Table.Cell]

    init(_ emotion: String) {
      let style = Palette.style(ofEmotion: emotion)
      name = Table.Cell(emotion, style)
      uncertainName = Table.Cell(emotion + "?", style)
      let steps = UtteranceTablePrinter.barWidth * 8
      bars = (0...steps).map {
        Table.Cell(Bar.filled(Double($0) / Double(steps), width: UtteranceTablePrinter.barWidth), style)
      }
    }
  }

  init(_ console: ResultConsole, _ matching: EmotionMatching, showsSets: Bool) {
    self.console = console
    self.matching = matching
    self.showsSets = showsSets
  }

  mutating func print(_ row: IndexedUtterance) throws {
    if let table {
      try console.line(cells(row), of: table)
    } else {
      sample.append(row)
      if sample.count == Self.sampleSize { try begin(slack: SampledTable.slack) }
    }
  }

  mutating func pause() throws {
    if table == nil && !sample.isEmpty { try begin(slack: SampledTable.slackOfStream) }
  }

  mutating func finish() throws {
    if table == nil && !sample.isEmpty { try begin(slack: 0) }
  }

  private mutating func begin(slack: Int) throws {
    showsTruth = sample.contains { $0.truth != nil }
    showsStability = sample.contains { $0.stability != nil }
    showsWords = sample.contains { $0.text != nil }
    let rows = sample.map { cells($0) }
    sample = []
    let table = console.table(columns, sample: rows, slack: slack)
    try console.line(table.header)
    for row in rows { try console.line(row, of: table) }
    self.table = table
  }

  private var columns: [Table.Column] {
    var columns = [
      Table.Column("DIALOGUE", shrinksTo: 8), Table.Column("TURN", .right), Table.Column("SPEAKER", shrinksTo: 6),
      Table.Column("EMOTION"), Table.Column("CONFIDENCE"),
      Table.Column("TEXT", .right, droppable: 3), Table.Column("VISUAL", .right, droppable: 3),
      Table.Column("AUDIO", .right, droppable: 3), Table.Column("BUNDLE", shrinksTo: 8, droppable: 1),
      Table.Column("SCORED", droppable: 2),
    ]
    if showsStability { columns.insert(Table.Column("STABLE", .right, droppable: 1), at: 5) }
    if showsTruth { columns.insert(Table.Column("TRUTH", shrinksTo: 6, droppable: 4), at: 5) }
    if showsSets { columns.insert(Table.Column("SET", shrinksTo: 8), at: 5) }
    if showsWords { columns.append(Table.Column("WORDS", shrinksTo: 10)) }
    return columns
  }

  private mutating func cells(_ row: IndexedUtterance) -> [Table.Cell] {
    if row.bundle !== bundle {
      bundle = row.bundle
      origin = [
        Table.Cell(row.bundle.title, .faint), Table.Cell(TimeText.local(row.bundle.scored), .faint),
      ]
    }
    let label = labels[row.emotion] ?? EmotionCells(row.emotion)
    labels[row.emotion] = label
    let confidence = min(1, max(0, row.confidence))
    var cells: [Table.Cell] = []
    cells.reserveCapacity(12)
    cells.append(Table.Cell(row.dialogue))
    cells.append(Table.Cell(String(row.turn), .faint))
    cells.append(Table.Cell(row.speaker))
    cells.append(row.isUncertain == true ? label.uncertainName : label.name)
    cells.append(
      row.labelConfidence == nil
        ? .unknown
        : confidences[Int((confidence * 100).rounded())]
          + label.bars[Int((confidence * Double(Self.barWidth * 8)).rounded())])
    if showsSets { cells.append(.labelSet(row)) }
    if showsTruth { cells.append(.truth(row, matching)) }
    if showsStability { cells.append(.stability(row.stability)) }
    cells.append(share(row.textShare))
    cells.append(share(row.visualShare))
    cells.append(share(row.audioShare))
    cells += origin
    if showsWords { cells.append(Table.Cell(row.text ?? "")) }
    return cells
  }

  private func share(_ value: Double?) -> Table.Cell {
    guard let value, value.isFinite else { return Table.Cell("–", .faint) }
    return shares[Int((min(1, max(0, value)) * 100).rounded())]
  }
}
