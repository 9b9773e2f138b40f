import Presentation

extension ReportPage {
  /// The page as plain text for a terminal, with tables in place of pictures.
  ///
  /// - Parameter width: columns that paragraphs and tables are wrapped to.
  public func text(width: Int = 80) -> String {
    let width = max(width, 40)
    var lines = Self.wrapped(title, width) + Self.wrapped(subtitle, width)
    if let note { lines += [""] + Self.wrapped(note, width) }
    if let verdict { lines += [""] + Self.wrapped(verdict.line, width) }
    for section in opening { lines += Self.lines(section, width) }
    if !opening.isEmpty {
      let title = Self.analystTitle.uppercased()
      lines +=
        ["", title, String(repeating: "=", count: title.count)]
        + Self.wrapped(Self.analystExplanation, width)
    }
    for section in sections { lines += Self.lines(section, width) }
    return lines.map { TextWidth.visible($0) + "\n" }.joined()
  }

  /// What is made visible takes room: first that, then lines.
  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    WrappedText.brokenLines(TextWidth.visible(text), width)
  }

  private static func lines(_ section: ReportSection, _ width: Int) -> [String] {
    let heading = section.title + (section.belongsTo.map { " (\($0))" } ?? "")
    let explanation = section.explanation.isEmpty ? [] : wrapped(section.explanation, width)
    return [""] + wrapped(heading.uppercased(), width) + explanation
      + section.blocks.map { lines($0, width) }.filter { !$0.isEmpty }.flatMap { [""] + $0 }
  }

  private static func lines(_ block: ReportBlock, _ width: Int) -> [String] {
    switch block {
    case .list(let items, let isNumbered):
      items.enumerated().flatMap { index, item in
        let mark = isNumbered ? "\(index + 1). " : item.isWarning ? "! " : "- "
        let indent = String(repeating: " ", count: mark.count)
        return wrapped(item.line, width - mark.count).enumerated().map {
          ($0 == 0 ? mark : indent) + $1
        }
      }
    case .paragraph(let text): wrapped(text, width)
    case .warning(let text): wrapped("! \(text)", width)
    case .table(let table): lines(table, width)
    case .pictures(_, let tables): Array(tables.map { lines($0, width) }.joined(separator: [""]))
    }
  }

  private static func lines(_ table: DataTable, _ width: Int) -> [String] {
    var shown = table
    shown.rows = table.rows.enumerated().filter { !table.minorRows.contains($0.offset) }.map(\.element)
    return (table.caption.isEmpty ? [] : wrapped(table.caption, width)) + shown.lines(within: width)
  }
}

extension ReportPage {
  /// The page in Markdown, with tables in place of pictures; what is folded in HTML stands under a heading.
  public var markdown: String {
    var text = "# \(MarkdownText.escaped(title))\n\n\(MarkdownText.escaped(subtitle))\n"
    if let note { text += "\n\(MarkdownText.escaped(note))\n" }
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
