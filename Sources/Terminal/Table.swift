/// Lays rows out in columns that fit a given width.
///
/// Column widths come from the rows given first, so that a long listing can stream: later cells that are wider than
/// their column are cut with `…`. Where the natural widths do not fit, the flexible columns shrink, widest first; where
/// even that does not fit, columns of low priority go, and at last the line grows beyond the width.
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

  /// One cell: text, possibly in pieces of different style.
  public struct Cell: Sendable, ExpressibleByStringLiteral {
    var pieces: [(text: String, style: Style)]

    public init(_ text: String, _ style: Style = .plain) {
      pieces = [(TextWidth.visible(text), style)]
    }

    public init(_ pieces: [(text: String, style: Style)]) {
      self.pieces = pieces.map { (TextWidth.visible($0.text), $0.style) }
    }

    public init(stringLiteral text: String) {
      self.init(text)
    }

    var columns: Int { pieces.reduce(0) { $0 + TextWidth.columns(of: $1.text) } }
  }

  private static let gap = 2

  private let columns: [Column]
  /// Width of each column; nil where the column is left out.
  private var widths: [Int?]
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
    widths = Self.fit(natural, columns, into: width)
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
    var pending = 0
    for (index, cell) in row.enumerated() {
      guard let width = widths[index] else { continue }
      let cut = Self.cut(cell, to: width)
      let padding = width - cut.columns
      if columns[index].alignment == .right { pending += padding }
      if cut.columns > 0 {
        text += String(repeating: " ", count: pending)
        pending = 0
        for piece in cut.pieces { text += isColoured ? piece.style.apply(to: piece.text) : piece.text }
      }
      if columns[index].alignment == .left { pending += padding }
      pending += Self.gap
    }
    return text
  }

  private static func cut(_ cell: Cell, to width: Int) -> Cell {
    guard cell.columns > width else { return cell }
    var kept: [(text: String, style: Style)] = []
    var left = width
    for piece in cell.pieces where left > 0 {
      let text = TextWidth.cut(piece.text, to: left)
      left -= text == piece.text ? TextWidth.columns(of: text) : left
      kept.append((text, piece.style))
    }
    var cut = cell
    cut.pieces = kept
    return cut
  }

  /// The widths to use: natural where they fit, else shrunk, else with columns left out.
  private static func fit(_ natural: [Int], _ columns: [Column], into width: Int) -> [Int?] {
    var widths: [Int?] = natural
    while true {
      let shrunk = shrink(widths, columns, into: width)
      if total(shrunk) <= width { return shrunk }
      let candidates = columns.indices.filter { widths[$0] != nil && columns[$0].droppable != nil }
      guard let last = candidates.max(by: { (columns[$0].droppable ?? 0) < (columns[$1].droppable ?? 0) }) else {
        return shrunk
      }
      widths[last] = nil
    }
  }

  /// Takes columns of text away from the widest flexible column until the whole fits or nothing can give.
  private static func shrink(_ widths: [Int?], _ columns: [Column], into width: Int) -> [Int?] {
    var widths = widths
    var excess = total(widths) - width
    while excess > 0 {
      var widest: Int?
      for index in columns.indices {
        guard let current = widths[index], let least = columns[index].shrinksTo, current > least else { continue }
        if let other = widest, let known = widths[other], known >= current { continue }
        widest = index
      }
      guard let widest, let current = widths[widest] else { break }
      widths[widest] = current - 1
      excess -= 1
    }
    return widths
  }

  private static func total(_ widths: [Int?]) -> Int {
    let shown = widths.compactMap { $0 }
    return shown.reduce(0, +) + gap * max(0, shown.count - 1)
  }
}
