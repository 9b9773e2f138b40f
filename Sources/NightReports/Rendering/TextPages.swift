import Presentation

extension ReportPage {
  /// The page as plain text for a terminal, with tables in place of pictures.
  ///
  /// - Parameter width: columns that paragraphs are wrapped to; tables are as wide as they need.
  public func text(width: Int = 80) -> String {
    let width = max(width, 40)
    var lines = [title, subtitle]
    if let verdict { lines += [""] + WrappedText.lines(verdict.line, width) }
    for section in opening { lines += Self.lines(section, width) }
    if !opening.isEmpty {
      let title = Self.analystTitle.uppercased()
      lines +=
        ["", title, String(repeating: "=", count: title.count)] + WrappedText.lines(Self.analystExplanation, width)
    }
    for section in sections { lines += Self.lines(section, width) }
    return lines.map { TextWidth.visible($0) + "\n" }.joined()
  }

  private static func lines(_ section: ReportSection, _ width: Int) -> [String] {
    let heading = section.title + (section.belongsTo.map { " (\($0))" } ?? "")
    let explanation = section.explanation.isEmpty ? [] : WrappedText.lines(section.explanation, width)
    return ["", heading.uppercased()] + explanation
      + section.blocks.map { lines($0, width) }.filter { !$0.isEmpty }.flatMap { [""] + $0 }
  }

  private static func lines(_ block: ReportBlock, _ width: Int) -> [String] {
    switch block {
    case .list(let items, let isNumbered):
      items.enumerated().flatMap { index, item in
        let mark = isNumbered ? "\(index + 1). " : item.isWarning ? "! " : "- "
        let indent = String(repeating: " ", count: mark.count)
        return WrappedText.lines(item.line, width - mark.count).enumerated().map { ($0 == 0 ? mark : indent) + $1 }
      }
    case .paragraph(let text): WrappedText.lines(text, width)
    case .warning(let text): WrappedText.lines("! \(text)", width)
    case .table(let table): lines(table, width)
    case .pictures(_, let tables): Array(tables.map { lines($0, width) }.joined(separator: [""]))
    }
  }

  private static func lines(_ table: DataTable, _ width: Int) -> [String] {
    var shown = table
    shown.rows = table.rows.enumerated().filter { !table.minorRows.contains($0.offset) }.map(\.element)
    return (table.caption.isEmpty ? [] : WrappedText.lines(table.caption, width)) + shown.lines
  }
}

extension ReportPage {
  /// The page in Markdown, with tables in place of pictures; what is folded in HTML stands under a heading.
  public var markdown: String {
    var text = "# \(MarkdownText.escaped(title))\n\n\(MarkdownText.escaped(subtitle))\n"
    if let verdict { text += "\n**\(MarkdownText.escaped(verdict.line))**\n" }
    for section in opening { text += Self.markdown(section) }
    if !opening.isEmpty { text += "\n# \(Self.analystTitle)\n\n\(Self.analystExplanation)\n" }
    for section in sections { text += Self.markdown(section) }
    return text
  }

  private static func markdown(_ section: ReportSection) -> String {
    let owner = section.belongsTo.map { " (\($0))" } ?? ""
    let explanation = section.explanation.isEmpty ? "" : "\n\(MarkdownText.escaped(section.explanation))\n"
    return "\n## \(MarkdownText.escaped(section.title + owner))\n\(explanation)" + section.blocks.map(markdown).joined()
  }

  private static func markdown(_ block: ReportBlock) -> String {
    switch block {
    case .paragraph(let text): "\n\(MarkdownText.escaped(text))\n"
    case .warning(let text): "\n> \(MarkdownText.escaped(text))\n"
    case .list(let items, let isNumbered):
      "\n"
        + items.enumerated().map { index, item in
          "\(isNumbered ? "\(index + 1)." : "-") \(MarkdownText.escaped(item.line))\n"
        }.joined()
    case .table(let table): markdown(table)
    case .pictures(_, let tables): tables.map(markdown).joined()
    }
  }

  private static func markdown(_ table: DataTable) -> String {
    var escaped = table
    escaped.header = table.header.map(MarkdownText.cell)
    escaped.rows = table.rows.map { $0.map(MarkdownText.cell) }
    let caption = table.caption.isEmpty ? "" : "\n\(MarkdownText.escaped(table.caption)):\n"
    return "\(caption)\n\(escaped.markdown())"
  }
}
