import Presentation

extension ReportPage {
  /// The page as one HTML file: no scripts, nothing from elsewhere, readable on a telephone, in print, light and dark.
  public var html: String {
    let verdict = verdict.map { verdict in
      "<p class=\"verdict \(verdict.state.rawValue)\" role=\"status\"><b>\(Self.word(verdict.state))</b> "
        + "\(Self.words(verdict.line))</p>\n"
    }
    let contents = sections.enumerated().map { index, section in
      "<li><a href=\"#s\(index + 1)\">\(SVGText.escaped(section.title))</a>"
        + (section.belongsTo.map { " <small>\(SVGText.escaped($0))</small>" } ?? "") + "</li>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(SVGText.escaped(title))</title>
      <style>
      \(Stylesheet.text)
      </style>
      </head>
      <body>
      <header>
      <h1>\(SVGText.escaped(title))</h1>
      <p>\(SVGText.escaped(subtitle))</p>
      \(verdict ?? "")</header>
      <nav aria-label="Contents"><ol>\(contents.joined())</ol></nav>
      <main>
      \(sections.enumerated().map(Self.html).joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  private static func word(_ state: Verdict.State) -> String {
    switch state {
    case .held: "✓ Within limits."
    case .broken: "✗ Out of limits."
    case .unchecked: "– Not judged."
    case .empty: "– Nothing to judge."
    }
  }

  private static func html(_ index: Int, _ section: ReportSection) -> String {
    let owner = section.belongsTo.map { "<p class=\"owner\">\(SVGText.escaped($0))</p>\n" } ?? ""
    return """
      <section id="s\(index + 1)">
      <h2>\(SVGText.escaped(section.title))</h2>
      \(owner)<p class="explanation">\(words(section.explanation))</p>
      \(section.blocks.map(html).joined(separator: "\n"))
      </section>
      """
  }

  private static func html(_ block: ReportBlock) -> String {
    switch block {
    case .paragraph(let text): "<p>\(words(text))</p>"
    case .warning(let text): "<p class=\"warning\">\(words(text))</p>"
    case .table(let table): html(table)
    case .pictures(let pictures, _):
      "<div class=\"pictures\">\n\(pictures.map { "<figure>\n\($0)</figure>" }.joined(separator: "\n"))\n</div>"
    }
  }

  /// Text whose per cent signs stay with their numbers.
  private static func words(_ text: String) -> String {
    SVGText.escaped(text).replacing(" %", with: "&nbsp;%")
  }

  private static func html(_ table: ReportTable) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      let marked = cells.enumerated().map { column, cell in
        let tag = tag == "td" && column == 0 ? "th scope=\"row\"" : tag == "th" ? "th scope=\"col\"" : tag
        let name = tag.prefix { $0 != " " }
        let style = table.wordColumns.contains(column) ? "" : " class=\"number\""
        return "<\(tag)\(style)>\(SVGText.escaped(cell))</\(name)>"
      }
      return "<tr>\(marked.joined())</tr>"
    }
    let caption = table.caption.isEmpty ? "" : "<caption>\(SVGText.escaped(table.caption))</caption>\n"
    return """
      <div class="table"><table>
      \(caption)<thead>\(row(table.header, "th"))</thead>
      <tbody>
      \(table.rows.map { row($0, "td") }.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }
}
