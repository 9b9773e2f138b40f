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
    table = SampledTable(
      console,
      columns.map { column in
        let isNumber = [.integer, .number].contains(column.kind)
        return Table.Column(
          column.name.uppercased(), isNumber ? .right : .left, shrinksTo: column.kind == .text ? 8 : nil)
      })
  }

  mutating func print(_ row: IndexedUtterance) throws {
    try table.append(
      columns.map { column in
        let value = column.value(row)
        return column.name == "emotion"
          ? Table.Cell(row.emotion, Palette.style(ofEmotion: row.emotion)) : Table.Cell(Self.text(value))
      })
  }

  mutating func finish() throws {
    try table.finish()
  }

  /// The value as people read it; a dash where there is none.
  private static func text(_ value: RecordValue) -> String {
    let text: String? =
      switch value {
      case .text(let text): text
      case .integer(let number): number.map(NumberText.count)
      case .number(let number): number.map { NumberText.decimal($0) }
      case .flag(let flag): flag.map { $0 ? "yes" : "no" }
      case .time(let time): time.map { TimeText.local($0) }
      case .counts(let counts): counts.inOneField
      }
    return text ?? "–"
  }
}
