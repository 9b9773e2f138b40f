extension ReportPage {
  /// The page in Markdown, with tables in place of pictures.
  public var markdown: String {
    var text = "# \(Self.inline(title))\n\n\(Self.inline(subtitle))\n"
    if let verdict { text += "\n**\(Self.inline(verdict.line))**\n" }
    for section in sections {
      let owner = section.belongsTo.map { " (\($0))" } ?? ""
      text += "\n## \(Self.inline(section.title + owner))\n\n\(Self.inline(section.explanation))\n"
      for block in section.blocks { text += Self.markdown(block) }
    }
    return text
  }

  private static func markdown(_ block: ReportBlock) -> String {
    switch block {
    case .paragraph(let text): "\n\(inline(text))\n"
    case .warning(let text): "\n> \(inline(text))\n"
    case .table(let table): markdown(table)
    case .pictures(_, let tables): tables.map(markdown).joined()
    }
  }

  private static func markdown(_ table: ReportTable) -> String {
    func row(_ cells: [String]) -> String { "| \(cells.map(cell).joined(separator: " | ")) |\n" }
    let rule = table.header.indices.map { table.wordColumns.contains($0) ? "---" : "---:" }
    let caption = table.caption.isEmpty ? "" : "\n\(inline(table.caption)):\n"
    return "\(caption)\n\(row(table.header))| \(rule.joined(separator: " | ")) |\n" + table.rows.map(row).joined()
  }

  private static func cell(_ text: String) -> String { inline(text).replacing("|", with: "\\|") }

  /// Text out of bundles must not become markup.
  private static func inline(_ text: String) -> String {
    String(
      text.flatMap { character -> [Character] in
        switch character {
        case "\n", "\r", "\r\n": [" "]
        case "*", "_", "`", "[", "]", "#", "\\": ["\\", character]
        case "<": Array("&lt;")
        case ">": Array("&gt;")
        default: [character]
        }
      })
  }
}
