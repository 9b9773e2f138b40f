/// Lays rows out in columns that fit a given width.
///
/// Column widths come from the rows given first, so that a long listing can stream: later cells that are wider than
/// their column are cut with `…`.
public struct Table: Sendable {
  public struct Column: Sendable {
    public enum Alignment: Sendable {
      case left
      case right
    }

    public var title: String
    public var alignment: Alignment
    /// The least width the column may shrink to; nil where it must not shrink.
    public var shrinksTo: Int?
    /// Columns with the highest number are left out first where the width does not suffice; nil: never left out.
    public var droppable: Int?

    public init(_ title: String, _ alignment: Alignment = .left, shrinksTo: Int? = nil, droppable: Int? = nil) {
      self.title = title
      self.alignment = alignment
      self.shrinksTo = shrinksTo
      self.droppable = droppable
    }
  }

  private let columns: [Column]
  /// Width of each column; nil where the column is left out.
  private let widths: [Int?]
  private let isColoured: Bool

  /// - Parameters:
  ///   - sample: the rows that the widths come from: all of them, or the first thousand.
  ///   - width: columns of the terminal.
  public init(_ columns: [Column], sample: [[Cell]], width: Int, isColoured: Bool) {
    self.columns = columns
    self.isColoured = isColoured
    var natural = columns.map { TextWidth.columns(of: $0.title) }
    for row in sample {
      for (index, cell) in row.enumerated() { natural[index] = max(natural[index], cell.columns) }
    }
    widths = TableLayout(columns, natural: natural).widths(within: width)
  }

  /// The header line.
  public var header: String {
    line(columns.map { Cell($0.title, .bold) })
  }

  /// One row as a line, without its line end and without trailing spaces.
  ///
  /// - Parameter row: as many cells as there are columns.
  public func line(_ row: [Cell]) -> String {
    var text = ""
    text.reserveCapacity(160)
    var pending = 0
    for index in row.indices {
      guard let width = widths[index] else { continue }
      let cell = row[index].columns > width ? row[index].cut(to: width) : row[index]
      let padding = width - cell.columns
      if columns[index].alignment == .right { pending += padding }
      if cell.columns > 0 {
        Self.pad(&text, pending)
        pending = 0
        append(cell.first, to: &text)
        for piece in cell.rest { append(piece, to: &text) }
      }
      if columns[index].alignment == .left { pending += padding }
      pending += TableLayout.gap
    }
    return text
  }

  private func append(_ piece: Cell.Piece, to text: inout String) {
    text += isColoured ? piece.style.apply(to: piece.text) : piece.text
  }

  private static func pad(_ text: inout String, _ count: Int) {
    var left = count
    while left >= 8 {
      text += "        "
      left -= 8
    }
    for _ in 0..<left { text += " " }
  }
}
