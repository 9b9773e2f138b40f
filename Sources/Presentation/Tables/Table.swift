/// Lays rows out in columns that fit a given width.
///
/// Column widths come from the rows given first, so that a long listing can stream: later cells that are wider than
/// their column are cut with `…`.
public struct Table: Sendable {
  /// A column: its title, and what may become of it where space is short.
  public struct Column: Sendable {
    /// To which side shorter texts go.
    public enum Alignment: Sendable {
      /// Words.
      case left
      /// Numbers.
      case right
    }

    /// What stands in the header.
    public var title: String
    /// To which side shorter texts go.
    public var alignment: Alignment
    /// The least width the column may shrink to; nil where it must not shrink.
    public var shrinksTo: Int?
    /// Columns with the highest number are left out first where the width does not suffice; nil: never left out.
    public var droppable: Int?

    /// A column that neither shrinks nor goes, unless told.
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
  ///   - slack: how much wider than in the sample texts may become in later rows, where there is room.
  public init(_ columns: [Column], sample: [[Cell]], width: Int, isColoured: Bool, slack: Int = 0) {
    self.columns = columns
    self.isColoured = isColoured
    var natural = columns.map { TextWidth.columns(of: $0.title) }
    for row in sample {
      for (index, cell) in row.enumerated() { natural[index] = max(natural[index], cell.columns) }
    }
    widths = TableLayout(columns, natural: natural, slack: slack).widths(within: width)
  }

  /// The header line.
  public var header: String {
    line(columns.map { Cell($0.title, .bold) })
  }

  /// One row as a line, without its line end and without trailing spaces.
  ///
  /// - Parameter row: as many cells as there are columns.
  public func line(_ row: [Cell]) -> String {
    var bytes: [UInt8] = []
    append(row, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends one row to a buffer, without its line end.
  public func append(_ row: [Cell], to bytes: inout [UInt8]) {
    var pending = 0
    for index in row.indices {
      guard let width = widths[index] else { continue }
      let cell = row[index].columns > width ? row[index].cut(to: width) : row[index]
      let padding = width - cell.columns
      if columns[index].alignment == .right { pending += padding }
      if cell.columns > 0 {
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: pending))
        pending = 0
        append(cell.first, to: &bytes)
        for piece in cell.rest { append(piece, to: &bytes) }
      }
      if columns[index].alignment == .left { pending += padding }
      pending += TableLayout.gap
    }
  }

  private func append(_ piece: Cell.Piece, to bytes: inout [UInt8]) {
    if isColoured, piece.style != .plain {
      bytes.append(contentsOf: piece.style.apply(to: piece.text).utf8)
    } else {
      bytes.append(contentsOf: piece.text.utf8)
    }
  }
}

extension Table {
  /// One cell: text, possibly in pieces of different style.
  public struct Cell: Sendable, ExpressibleByStringLiteral {
    struct Piece: Sendable {
      var text: String
      var style: Style
      var columns: Int
    }

    /// Nearly every cell is one piece; it needs no array.
    let first: Piece
    let rest: [Piece]
    /// Width of the whole.
    let columns: Int

    /// Text out of a file is made visible: it cannot steer the terminal.
    public init(_ text: String, _ style: Style = .plain) {
      let text = TextWidth.visible(text)
      columns = TextWidth.columns(of: text)
      first = Piece(text: text, style: style, columns: columns)
      rest = []
    }

    /// A cell of plain text.
    public init(stringLiteral text: String) {
      self.init(text)
    }

    private init(first: Piece, rest: [Piece]) {
      self.first = first
      self.rest = rest
      columns = rest.reduce(first.columns) { $0 + $1.columns }
    }

    /// Two cells as one, side by side.
    public static func + (left: Cell, right: Cell) -> Cell {
      Cell(first: left.first, rest: left.rest + [right.first] + right.rest)
    }

    /// The beginning of the cell that fits into `width` columns.
    func cut(to width: Int) -> Cell {
      guard columns > width else { return self }
      var pieces: [Piece] = []
      var left = width
      for piece in [first] + rest where left > 0 {
        let text = TextWidth.cut(piece.text, to: left)
        pieces.append(Piece(text: text, style: piece.style, columns: TextWidth.columns(of: text)))
        // Where something was cut, the rest of the room stays empty: a wide character may not have fitted.
        left = text == piece.text ? left - piece.columns : 0
      }
      guard let beginning = pieces.first else { return Cell("") }
      return Cell(first: beginning, rest: Array(pieces.dropFirst()))
    }
  }
}
