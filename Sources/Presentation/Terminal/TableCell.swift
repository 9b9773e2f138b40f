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
