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

  /// The header goes before the first row.
  mutating func pause() throws {
    try console.drain(&text.bytes)
  }

  mutating func finish() throws {
    try pause()
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

/// Utterances by a template.
struct UtteranceTemplatePrinter: UtterancePrinter {
  let detail: IndexedUtterance.Detail
  private let console: ResultConsole
  private let template: RowTemplate
  private let columns: [String: RecordColumn<IndexedUtterance>]
  private var line: [UInt8] = []

  /// - Parameters:
  ///   - text: the template as typed.
  ///   - emotions: the classes of all models that rows may come from.
  /// - Throws: `QueryError` for a template that is none.
  init(_ console: ResultConsole, _ text: String, _ fields: UtteranceFields, emotions: [String]) throws {
    self.console = console
    let known = fields.inTemplates(emotions: emotions)
    template = try RowTemplate(typed: text, fields: known.map(\.column.name))
    let named = Set(template.names)
    let used = known.filter { named.contains($0.column.name) }
    detail = used.map(\.detail).max() ?? .labels
    columns = Dictionary(used.map { ($0.column.name, $0.column) }) { first, _ in first }
  }

  mutating func print(_ row: IndexedUtterance) throws {
    template.append(to: &line) { columns[$0]?.value(row) ?? .text(nil) }
    try console.drain(&line)
  }

  mutating func finish() throws {}
}
