import Index
import Terminal

/// How a label compares with the truth.
enum TruthMark {
  /// `=` where they agree, `≠` and the truth where they differ, nothing where the truth is unknown.
  static func cell(_ row: IndexedUtterance) -> Table.Cell {
    guard let truth = row.truth else { return "" }
    if truth == row.emotion { return Table.Cell("=", .faint) }
    return Table.Cell([("≠ ", .bold), (truth, Palette.style(ofEmotion: truth))])
  }
}
