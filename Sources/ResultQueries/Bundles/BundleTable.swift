import Presentation
import ResultIndex

/// The table of `ambq bundles`, which takes row after row: its columns are those that the first thousand need.
struct BundleTable {
  private static let sampleSize = 1000

  private let console: ResultConsole
  private var sample: [BundleEntry] = []
  private var table: SampledTable?
  private var hasProbes = false
  private var hasFailures = false
  private var hasFailed = false

  init(_ console: ResultConsole) {
    self.console = console
  }

  mutating func append(_ entry: BundleEntry) throws {
    if entry.state == .failed { hasFailed = true }
    if table != nil {
      let cells = cells(entry)
      try table?.append(cells)
    } else {
      sample.append(entry)
      if sample.count == Self.sampleSize { try begin() }
    }
  }

  /// Must be called after the last row, also where there was none.
  mutating func finish() throws {
    if table == nil { try begin() }
    try table?.finish()
    if hasFailed {
      try console.line()
      try console.line(console.styled("'ambq errors' tells how to mend what failed.", .faint))
    }
  }

  private mutating func begin() throws {
    hasProbes = sample.contains { $0.probe != nil }
    hasFailures = sample.contains { $0.failure != nil }
    var columns = [
      Table.Column("BUNDLE", shrinksTo: 12), Table.Column("STATE"), Table.Column("UTTERANCES", .right),
      Table.Column("DIALOGUES", .right, droppable: 2), Table.Column("MODEL", shrinksTo: 8, droppable: 3),
      Table.Column("TIME"), Table.Column("SECONDS", .right, droppable: 4),
    ]
    if hasProbes { columns.append(Table.Column("PROBE")) }
    if hasFailures { columns.append(Table.Column("REASON", shrinksTo: 16)) }
    var table = SampledTable(console, columns)
    for entry in sample { try table.append(cells(entry)) }
    sample = []
    self.table = table
  }

  private func cells(_ entry: BundleEntry) -> [Table.Cell] {
    let bundle = entry.bundle
    var cells = [
      Table.Cell(entry.title), Table.Cell(entry.state.rawValue, style(entry.state)),
      Table.Cell(bundle.map { NumberText.count($0.utterances) } ?? ""),
      Table.Cell(bundle.map { NumberText.count($0.dialogues) } ?? ""), Table.Cell(bundle?.modelName ?? "", .faint),
      Table.Cell(TimeText.local(entry.time), .faint),
      Table.Cell(bundle.map { NumberText.decimal($0.seconds) } ?? "", .faint),
    ]
    if hasProbes { cells.append(Table.Cell(entry.probe?.rawValue ?? "", .faint)) }
    if hasFailures { cells.append(Table.Cell(entry.failure?.what ?? "")) }
    return cells
  }

  private func style(_ state: BundleEntry.State) -> Style {
    switch state {
    case .scored: Style(.green)
    case .superseded: .faint
    case .deferred: Style(.yellow)
    case .failed: Style(.red, bold: true)
    }
  }
}
