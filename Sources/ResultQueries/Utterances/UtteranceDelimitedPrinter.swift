import Presentation
import ResultExport
import ResultIndex

/// Utterances as CSV or TSV: a header, then one record each.
struct UtteranceDelimitedPrinter: UtterancePrinter {
  let detail: IndexedUtterance.Detail
  private let console: ResultConsole
  private let columns: [RecordColumn<IndexedUtterance>]
  private var text: DelimitedText

  /// - Parameter emotions: the classes of all models that rows may come from.
  init(_ console: ResultConsole, _ flavour: DelimitedText.Flavour, _ fields: [UtteranceField], emotions: [String]) {
    self.console = console
    detail = fields.map(\.detail).max() ?? .labels
    columns = fields.flatMap { $0.columns(emotions: emotions) }
    text = DelimitedText(flavour)
    text.record(columns.map(\.name))
  }

  mutating func print(_ row: IndexedUtterance) throws {
    for column in columns { text.field(column.value(row)) }
    text.endRecord()
    try console.drain(&text.bytes)
  }

  mutating func finish() throws {
    try console.drain(&text.bytes)
  }
}

/// One name of each utterance, ended by a zero byte.
struct UtteranceNamePrinter: UtterancePrinter {
  let detail = IndexedUtterance.Detail.labels
  private let console: ResultConsole
  private let column: RecordColumn<IndexedUtterance>?

  init(_ console: ResultConsole, _ field: UtteranceField) {
    self.console = console
    column = field.columns(emotions: []).first
  }

  mutating func print(_ row: IndexedUtterance) throws {
    guard case .text(let name) = column?.value(row) else { return }
    try console.name(name ?? "")
  }

  mutating func finish() throws {}
}
