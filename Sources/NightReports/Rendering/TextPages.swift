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

  private static func lines(_ table: DataTable, _ width: Int) -> [String] {
    (table.caption.isEmpty ? [] : wrapped(table.caption, width)) + table.lines
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

extension ReportPage {
  /// The page in Markdown, with tables in place of pictures.
  public var markdown: String {
    var text = "# \(MarkdownText.escaped(title))\n\n\(MarkdownText.escaped(subtitle))\n"
    if let verdict { text += "\n**\(MarkdownText.escaped(verdict.line))**\n" }
    for section in sections {
      let owner = section.belongsTo.map { " (\($0))" } ?? ""
      text += "\n## \(MarkdownText.escaped(section.title + owner))\n\n\(MarkdownText.escaped(section.explanation))\n"
      for block in section.blocks { text += Self.markdown(block) }
    }
    return text
  }

  private static func markdown(_ block: ReportBlock) -> String {
    switch block {
    case .paragraph(let text): "\n\(MarkdownText.escaped(text))\n"
    case .warning(let text): "\n> \(MarkdownText.escaped(text))\n"
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
