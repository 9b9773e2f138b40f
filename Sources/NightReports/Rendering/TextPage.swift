import DialogueDomain
import Presentation

extension ReportPage {
  /// The page as plain text for a terminal, with tables in place of pictures.
  ///
  /// - Parameter width: columns that paragraphs are wrapped to; tables are as wide as they need.
  public func text(width: Int = 80) -> String {
    let width = max(width, 40)
    var lines = [title, subtitle]
    if let verdict { lines += [""] + Self.wrapped(verdict.line, width) }
    for section in sections {
      let heading = section.title + (section.belongsTo.map { " (\($0))" } ?? "")
      lines += ["", heading.uppercased()] + Self.wrapped(section.explanation, width)
      for block in section.blocks { lines += [""] + Self.lines(block, width) }
    }
    return lines.map { TextWidth.visible($0) + "\n" }.joined()
  }

  private static func lines(_ block: ReportBlock, _ width: Int) -> [String] {
    switch block {
    case .paragraph(let text): wrapped(text, width)
    case .warning(let text): wrapped("! \(text)", width)
    case .table(let table): lines(table, width)
    case .pictures(_, let tables): Array(tables.map { lines($0, width) }.joined(separator: [""]))
    }
  }

  private static func lines(_ table: ReportTable, _ width: Int) -> [String] {
    let columns = table.header.enumerated().map { index, title in
      Table.Column(title, table.wordColumns.contains(index) ? .left : .right)
    }
    let rows = table.rows.map { $0.map { Table.Cell($0) } }
    let drawn = Table(columns, sample: rows, width: .max / 2, isColoured: false)
    let caption = table.caption.isEmpty ? [] : wrapped(table.caption, width)
    return caption + [drawn.header] + rows.map { drawn.line($0) }
  }

  /// Lines of words that fit a width.
  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      let longer = line.isEmpty ? String(word) : "\(line) \(word)"
      if !line.isEmpty && TextWidth.columns(of: longer) > width {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = longer
      }
    }
    return lines
  }
}
