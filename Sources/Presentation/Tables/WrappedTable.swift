/// A table as lines of a limited width: where it is wider, words go on below in their column, and nothing is cut off.
struct WrappedTable {
  private let table: DataTable
  private let widths: [Int]

  /// A column of words keeps this much, where the width allows it.
  private static let leastWords = 10

  /// - Parameter width: columns of a line.
  init(_ table: DataTable, within width: Int) {
    self.table = table
    let all = [table.header] + table.rows
    var widths = table.header.indices.map { column in all.map { TextWidth.columns(of: $0[column]) }.max() ?? 0 }
    let least = table.header.indices.map { column -> Int in
      let title = table.header[column].split(separator: " ").map { TextWidth.columns(of: $0) }.max() ?? 0
      let cells =
        table.wordColumns.contains(column)
        ? Self.leastWords : table.rows.map { TextWidth.columns(of: $0[column]) }.max() ?? 0
      return min(widths[column], max(title, cells))
    }
    // The widest gives way first; where even the least is too much, titles are broken within their words.
    for limits in [least, least.map { min($0, Self.leastWords) }] {
      while widths.reduce(0, +) + TableLayout.gap * max(0, widths.count - 1) > width,
        let widest = widths.indices.filter({ widths[$0] > limits[$0] }).max(by: { widths[$0] < widths[$1] })
      {
        widths[widest] -= 1
      }
    }
    self.widths = widths
  }

  /// Header and rows, without trailing spaces.
  var lines: [String] { ([table.header] + table.rows).flatMap(lines) }

  private func lines(_ row: [String]) -> [String] {
    let cells = zip(row, widths).map { WrappedText.brokenLines($0, $1) }
    return (0..<(cells.map(\.count).max() ?? 0)).map { number in
      var line = ""
      for (column, pieces) in cells.enumerated() {
        let text = number < pieces.count ? pieces[number] : ""
        let space = String(repeating: " ", count: max(0, widths[column] - TextWidth.columns(of: text)))
        line += (column > 0 ? String(repeating: " ", count: TableLayout.gap) : "")
        line += table.wordColumns.contains(column) ? text + space : space + text
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
