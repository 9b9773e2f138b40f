import Foundation
import Presentation
import ResultExport
import ResultIndex

/// Utterances as a table of chosen fields.
struct UtteranceFieldTable: UtterancePrinter {
  let detail: IndexedUtterance.Detail
  private let columns: [RecordColumn<IndexedUtterance>]
  private var table: SampledTable

  /// - Parameter emotions: the classes of all models that rows may come from.
  init(_ console: ResultConsole, _ fields: [UtteranceField], emotions: [String]) {
    detail = fields.map(\.detail).max() ?? .labels
    columns = fields.flatMap { $0.columns(emotions: emotions) }
    table = SampledTable(console, columns.map(Table.Column.init))
  }

  mutating func print(_ row: IndexedUtterance) throws {
    try table.append(
      columns.map { column in
        let value = column.value(row)
        return column.name == "emotion"
          ? Table.Cell(row.emotion, Palette.style(ofEmotion: row.emotion)) : Table.Cell(value.shown)
      })
  }

  mutating func pause() throws {
    try table.pause()
  }

  mutating func finish() throws {
    try table.finish()
  }
}
