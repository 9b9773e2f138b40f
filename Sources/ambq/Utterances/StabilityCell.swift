import Presentation

/// A stability as a table shows it: two decimals, bold where less than half of the noisy runs keep the label.
enum StabilityCell {
  private static let unknown = Table.Cell("–", .faint)

  static func cell(_ stability: Double?) -> Table.Cell {
    guard let stability else { return unknown }
    let text = NumberText.decimal(stability)
    return stability < 0.5 ? Table.Cell(text, .bold) : Table.Cell(text)
  }
}
