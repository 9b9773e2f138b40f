/// A matrix of shades with its numbers written in: confusion, emotions by hour, a grid of noise levels.
public struct HeatMap: Sendable {
  /// One cell.
  public struct Cell: Sendable {
    /// What is written in it.
    public let text: String
    /// How deep its shade is, 0 to 1; not a number: blank.
    public let shade: Double

    /// A cell with its text and the depth of its shade.
    public init(_ text: String, shade: Double) {
      self.text = text
      self.shade = shade
    }
  }

  /// What the picture shows, for its heading and text alternative.
  public let title: String
  /// What the rows are.
  public let rowName: String
  /// What the columns are.
  public let columnName: String
  /// From top to bottom.
  public let rowLabels: [String]
  /// From left to right.
  public let columnLabels: [String]
  /// Row by row.
  public let cells: [[Cell]]

  /// A matrix of as many cells as rows times columns.
  public init(
    title: String, rowName: String, columnName: String, rowLabels: [String], columnLabels: [String], cells: [[Cell]]
  ) {
    self.title = title
    self.rowName = rowName
    self.columnName = columnName
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.cells = cells
  }

  private static let (rowHeight, leastCell, mostCell, plotWidth) = (26.0, 34.0, 56.0, 380.0)
  private static let mostLabel = 120.0

  /// The picture; its text alternative reads the matrix row by row.
  public var svg: String {
    let cell = min(max(Self.plotWidth / Double(max(columnLabels.count, 1)), Self.leastCell), Self.mostCell)
    let left = min(rowLabels.map { TextMeasure.width($0) }.max() ?? 0, Self.mostLabel) + 34
    let isTurned = columnLabels.contains { TextMeasure.width($0, size: 11) > cell - 2 }
    let labelWidth = min(columnLabels.map { TextMeasure.width($0, size: 11) }.max() ?? 0, 90)
    let top = 44 + (isTurned ? labelWidth * 0.7 + 12 : 16)
    // The last turned label leans over the right edge.
    // Never so narrow that a page would blow up its text.
    let width = max(
      left + cell * Double(columnLabels.count) + (isTurned ? labelWidth * 0.7 : 8), 460, TextMeasure.width(title) + 40)
    let height = top + Self.rowHeight * Double(rowLabels.count) + 8
    var drawing = SVGDrawing(width: width, height: height, alternative: alternative)
    drawing.text(title, 8, 18, isBold: true)
    drawing.text(columnName, left, 36, size: 11)
    drawing.text(
      rowName, 14, top + Self.rowHeight * Double(rowLabels.count) / 2, .middle, size: 11, turned: -90)
    for (index, label) in columnLabels.enumerated() {
      let x = left + cell * (Double(index) + 0.5)
      let short = TextMeasure.fitted(label, into: 90, size: 11)
      if isTurned {
        drawing.text(short, x - 2, top - 6, size: 11, turned: -45)
      } else {
        drawing.text(short, x, top - 6, .middle, size: 11)
      }
    }
    for (row, label) in rowLabels.enumerated() {
      let y = top + Self.rowHeight * Double(row)
      drawing.text(TextMeasure.fitted(label, into: Self.mostLabel), left - 6, y + 17, .end)
      for (column, value) in cells[row].enumerated() {
        let x = left + cell * Double(column)
        drawing.rectangle(x, y, cell - 1.5, Self.rowHeight - 1.5, style: Shade.style(value.shade))
        drawing.text(value.text, x + cell / 2 - 1, y + 17, .middle, size: 11, ink: Shade.ink(value.shade))
      }
    }
    return drawing.svg
  }

  private var alternative: String {
    let rows = zip(rowLabels, cells).map { label, row in
      label + ": " + zip(columnLabels, row).map { "\($0) \($1.text)" }.joined(separator: ", ")
    }
    return "\(title); \(rowName) in rows, \(columnName) in columns. \(rows.joined(separator: "; "))"
  }
}
