/// Rows of words and numbers under a header, in no particular format: what reports, Markdown pages and plain text are
/// written from.
///
/// `Table` is for terminals, where columns must fit a width and cells have colours.
///
/// ```swift
/// let table = DataTable(header: ["weights", "accuracy"], rows: [["50/50", "75.0"]])
/// table.text  // weights  accuracy
///             // 50/50        75.0
/// ```
public struct DataTable: Sendable {
  /// What the table shows; empty where the text around it says so.
  public var caption: String
  /// The columns' names.
  public var header: [String]
  /// As many cells each as the header has.
  public var rows: [[String]]
  /// Columns of words, which are set to the left; numbers are set to the right.
  public var wordColumns: Set<Int>
  /// Rows that paper and terminals leave out.
  public var minorRows: Set<Int> = []

  /// - Parameter words: the columns of words; others hold numbers.
  public init(_ caption: String = "", header: [String], rows: [[String]] = [], words: Set<Int> = [0]) {
    self.caption = caption
    self.header = header
    self.rows = rows
    wordColumns = words
  }

  /// Header and rows in columns two spaces apart, a line each, without trailing spaces and without the caption.
  public var text: String { lines.map { $0 + "\n" }.joined() }

  /// The lines of `text`.
  public var lines: [String] {
    let columns = header.enumerated().map { index, title in
      Table.Column(title, wordColumns.contains(index) ? .left : .right)
    }
    let cells = rows.map { $0.map { Table.Cell($0) } }
    let drawn = Table(columns, sample: cells, width: .max / 2, isColoured: false)
    return [drawn.header] + cells.map { drawn.line($0) }
  }

  /// The same within so many columns: where that is too little, words go on below in their column.
  public func lines(within width: Int) -> [String] {
    let lines = lines
    if lines.allSatisfy({ TextWidth.columns(of: $0) <= width }) { return lines }
    var visible = self
    visible.header = header.map(TextWidth.visible)
    visible.rows = rows.map { $0.map(TextWidth.visible) }
    return WrappedTable(visible, within: width).lines
  }

  /// The table in Markdown, a line each; nothing in it is escaped, and the caption is left out.
  ///
  /// - Parameter isAligned: whether the source is aligned too, so that a terminal shows it as well as a page.
  public func markdown(isAligned: Bool = false) -> String {
    let least = 3
    let widths = header.indices.map { column in
      isAligned ? max(least, ([header] + rows).map { TextWidth.columns(of: $0[column]) }.max() ?? 0) : 0
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: max(0, widths[column] - TextWidth.columns(of: cell)))
        return wordColumns.contains(column) ? cell + space : space + cell
      }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    let rule = widths.enumerated().map { column, width in
      wordColumns.contains(column)
        ? String(repeating: "-", count: max(width, least))
        : String(repeating: "-", count: isAligned ? width - 1 : least) + ":"
    }
    return line(header) + "| \(rule.joined(separator: " | ")) |\n" + rows.map(line).joined()
  }
}
