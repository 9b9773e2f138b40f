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
  /// What the shades mean.
  public let legend: ShadeLegend

  /// A matrix of as many cells as rows times columns.
  public init(
    title: String, rowName: String, columnName: String, rowLabels: [String], columnLabels: [String], cells: [[Cell]],
    legend: ShadeLegend = .shareOfRow
  ) {
    self.title = title
    self.rowName = rowName
    self.columnName = columnName
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.cells = cells
    self.legend = legend
  }

  private static let (rowHeight, leastCell, mostCell) = (24.0, 24.0, 56.0)
  private static let (mostRowLabel, mostColumnLabel) = (100.0, 90.0)
  /// How far a turned label leans over and rises, as shares of its length: it stands at 60 degrees.
  private static let (lean, rise) = (0.5, 0.866)

  /// The picture; its text alternative reads the matrix row by row.
  ///
  /// More columns than fit side by side go on below, under the same rows.
  public var svg: String {
    var drawing = SVGDrawing(alternative: alternative)
    let left = min(rowLabels.map { TextMeasure.width($0) }.max() ?? 0, Self.mostRowLabel) + 30
    let widths = columnLabels.map { min(TextMeasure.width($0, size: SVGDrawing.smallText), Self.mostColumnLabel) }
    let text = cells.joined().map { TextMeasure.width($0.text, size: SVGDrawing.smallText) }.max() ?? 0
    let least = max(Self.leastCell, text + 3)
    // The last turned label leans over the right edge.
    let room = SVGDrawing.width - left - 8
    let leaning = max(0, (widths.max() ?? 0) * Self.lean - least / 2)
    let fitting = max(1, Int((room - leaning) / least))
    let perPanel =
      columnLabels.count * Int(least.rounded(.up)) <= Int(room - leaning) ? max(columnLabels.count, 1) : fitting
    let isTurned = widths.contains { $0 > min(room / Double(perPanel), Self.mostCell) - 4 }
    let cell = min((room - (isTurned ? leaning : 0)) / Double(perPanel), Self.mostCell)
    var y = drawing.heading(title)
    for first in stride(from: 0, to: max(columnLabels.count, 1), by: perPanel) {
      let columns = first..<min(first + perPanel, columnLabels.count)
      y = draw(columns, left, y, cell: cell, isTurned: isTurned, on: &drawing)
    }
    drawing.shadeLegend(legend, y + 16)
    drawing.height = y + 26
    return drawing.svg
  }

  /// Some columns of the matrix; returns where they end.
  private func draw(
    _ columns: Range<Int>, _ left: Double, _ start: Double, cell: Double, isTurned: Bool, on drawing: inout SVGDrawing
  ) -> Double {
    let small = SVGDrawing.smallText
    let longest = columns.map { TextMeasure.width(columnLabels[$0], size: small) }.max() ?? 0
    let top = start + (isTurned ? min(longest, Self.mostColumnLabel) * Self.rise + 22 : 28)
    drawing.text(columnName, left, start + 4, size: small)
    drawing.text(
      rowName, 14, top + Self.rowHeight * Double(rowLabels.count) / 2, .middle, size: small, turned: -90)
    for (place, column) in columns.enumerated() {
      let x = left + cell * (Double(place) + 0.5)
      let short = TextMeasure.fitted(columnLabels[column], into: Self.mostColumnLabel, size: small)
      if isTurned {
        drawing.text(short, x + 2, top - 6, size: small, turned: -60)
      } else {
        drawing.text(short, x, top - 6, .middle, size: small)
      }
    }
    for (row, label) in rowLabels.enumerated() {
      let y = top + Self.rowHeight * Double(row)
      drawing.text(TextMeasure.fitted(label, into: Self.mostRowLabel), left - 6, y + 16, .end)
      for (place, column) in columns.enumerated() {
        let value = cells[row][column]
        let x = left + cell * Double(place)
        drawing.rectangle(x, y, cell - 1.5, Self.rowHeight - 1.5, style: Shade.style(value.shade))
        drawing.text(value.text, x + cell / 2 - 1, y + 16, .middle, size: small, style: Shade.ink(value.shade))
      }
    }
    return top + Self.rowHeight * Double(rowLabels.count) + 8
  }

  private var alternative: String {
    let rows = zip(rowLabels, cells).map { label, row in
      label + ": " + zip(columnLabels, row).map { "\($0) \($1.text)" }.joined(separator: ", ")
    }
    return "\(title); \(rowName) in rows, \(columnName) in columns. \(rows.joined(separator: "; "))"
  }
}
