/// A table in Markdown whose source is aligned too, so that a terminal shows it as well as a page.
struct MarkdownTable {
  private let header: [String]
  private let rows: [[String]]

  /// The first column is left-aligned, the others right.
  init(_ header: [String], _ rows: [[String]]) {
    self.header = header
    self.rows = rows
  }

  var text: String {
    let widths = header.indices.map { column in max(3, ([header] + rows).map { $0[column].count }.max() ?? 0) }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rule = widths.enumerated().map { column, width in
      column == 0 ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
    }
    return ([line(header), line(rule)] + rows.map(line)).joined(separator: "\n") + "\n"
  }
}
