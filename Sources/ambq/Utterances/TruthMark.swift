import Presentation
import ResultIndex

/// How a label compares with the truth.
enum TruthMark {
  private static let unknown = Table.Cell("")
  private static let same = Table.Cell("=", .faint)
  private static let different = Table.Cell("≠ ", .bold)

  /// `=` where they agree, `≠` and the truth where they differ, nothing where the truth is unknown.
  static func cell(_ row: IndexedUtterance) -> Table.Cell {
    guard let truth = row.truth else { return unknown }
    if truth == row.emotion { return same }
    return different + Table.Cell(truth, Palette.style(ofEmotion: truth))
  }
}
