import Presentation

extension ReportPage {
  /// The page as one HTML file: no scripts, nothing from elsewhere, readable on a telephone, in print, light and dark.
  public var html: String {
    let verdict = verdict.map { verdict in
      "<p class=\"verdict \(verdict.state.rawValue)\" role=\"status\"><b>\(Self.word(verdict.state))</b> "
        + "\(Self.words(verdict.line))</p>\n"
    }
    let contents = sections.enumerated().map { index, section in
      "<li><a href=\"#s\(index + 1)\">\(MarkupText.escaped(section.title))</a>"
        + (section.belongsTo.map { " <small>\(MarkupText.escaped($0))</small>" } ?? "") + "</li>"
    }
    let body = """
      <header>
      <h1>\(MarkupText.escaped(title))</h1>
      <p>\(MarkupText.escaped(subtitle))</p>
      \(verdict ?? "")</header>
      <nav aria-label="Contents"><ol>\(contents.joined())</ol></nav>
      <main>
      \(sections.enumerated().map(Self.html).joined(separator: "\n"))
      </main>
      """
    return MarkupText.page(title: title, style: Stylesheet.text, body: body)
  }

  private static func word(_ state: Verdict.State) -> String {
    switch state {
    case .held: "✓ Within limits."
    case .broken: "✗ Out of limits."
    case .unchecked: "– Not checked."
    case .empty: "– Nothing to check."
    }
  }

  private static func html(_ index: Int, _ section: ReportSection) -> String {
    let owner = section.belongsTo.map { "<p class=\"owner\">\(MarkupText.escaped($0))</p>\n" } ?? ""
    return """
      <section id="s\(index + 1)">
      <h2>\(MarkupText.escaped(section.title))</h2>
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
    MarkupText.escaped(text).replacing(" %", with: "&nbsp;%")
  }

  private static func html(_ table: DataTable) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      let marked = cells.enumerated().map { column, cell in
        let tag = tag == "td" && column == 0 ? "th scope=\"row\"" : tag == "th" ? "th scope=\"col\"" : tag
        let name = tag.prefix { $0 != " " }
        let style = table.wordColumns.contains(column) ? "" : " class=\"number\""
        return "<\(tag)\(style)>\(MarkupText.escaped(cell))</\(name)>"
      }
      return "<tr>\(marked.joined())</tr>"
    }
    let caption = table.caption.isEmpty ? "" : "<caption>\(MarkupText.escaped(table.caption))</caption>\n"
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

/// How the HTML report looks.
private enum Stylesheet {
  static let text = """
    :root { color-scheme: light dark; --page: #ffffff; --ink: #1c1e21; --faint: #5b6168; --line: #d5d9de;
      --stripe: #f4f6f8; --good: #1c7a3d; --bad: #b3261e; --link: #1f5a9e; --note: #fff6e0; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --page: #16181c; --ink: #e4e6e9; --faint: #a2a8b0; --line: #3a3f46; --stripe: #1f2227; --good: #6fce8d;
        --bad: #ff8a80; --link: #8ab8f0; --note: #332b16; }
      svg :is(line, polyline, polygon, rect) { filter: brightness(1.3); }
    }
    * { box-sizing: border-box; }
    body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 64rem;
      margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0 0; }
    h2 { font-size: 1.2rem; margin: 0 0 0.25rem; }
    header p { margin: 0.25rem 0 0; color: var(--faint); }
    p { margin: 0.5rem 0; max-width: 46rem; }
    a { color: var(--link); }
    header .verdict { color: var(--ink); border: 2px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem;
      margin: 1rem 0; max-width: none; }
    header .held { border-color: var(--good); }
    .held b { color: var(--good); }
    header .broken { border-color: var(--bad); }
    .broken b { color: var(--bad); }
    nav ol { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; margin: 0 0 1rem;
      font-size: 0.9rem; }
    section { border-top: 1px solid var(--line); padding: 1.25rem 0 1rem; }
    .explanation { color: var(--faint); }
    .owner { font-size: 0.9rem; font-weight: 600; margin: 0; }
    .warning { background: var(--note); border-left: 4px solid currentColor; padding: 0.5rem 0.75rem; }
    .table { overflow-x: auto; margin: 0.75rem 0; }
    table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: 600; padding: 0 0 0.25rem; }
    th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top;
      border-bottom: 1px solid var(--line); }
    th { font-weight: 600; }
    tbody th { font-weight: 400; min-width: 7rem; }
    td { min-width: 3.5rem; }
    td:not(.number) { min-width: 5rem; max-width: 40rem; overflow-wrap: anywhere; }
    td:last-child:not(.number):not(:nth-child(-n+2)) { min-width: min(14rem, 60vw); }
    .number { text-align: right; white-space: nowrap; }
    thead .number { white-space: normal; }
    .pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem;
      margin: 0.75rem 0; }
    figure { margin: 0; max-width: 34rem; }
    svg { width: 100%; height: auto; display: block; }
    @media print {
      body { font-size: 10pt; max-width: none; padding: 0; }
      nav { display: none; }
      .table { overflow: visible; }
      figure, .table, tr, .warning, .explanation { break-inside: avoid; }
      h2, .explanation, caption { break-after: avoid; }
      .pictures { grid-template-columns: 1fr 1fr; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """
}
