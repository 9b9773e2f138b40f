import Presentation

extension ReportPage {
  /// The page as one HTML file: no scripts, nothing from elsewhere, readable on a telephone, in print, light and dark.
  ///
  /// Behind an opening, what is for the analyst is folded.
  public var html: String {
    let verdict = verdict.map { verdict in
      "<p class=\"verdict \(verdict.state.rawValue)\" role=\"status\"><b>\(verdict.state.words)</b> "
        + "\(MarkupText.words(verdict.line))</p>\n"
    }
    let body = """
      <header>
      \(parent.map { Self.way(to: $0, "back") + "\n" } ?? "")<h1>\(Self.heading(title))</h1>
      <p>\(MarkupText.escaped(subtitle))</p>
      \(note.map { "<p class=\"explanation\">\(MarkupText.words($0))</p>\n" } ?? "")\(verdict ?? "")</header>
      \(opening.isEmpty ? contents : "")
      <main>
      \(opening.map { Self.html($0, anchor: $0.anchor ?? "") }.joined(separator: "\n"))
      \(opening.isEmpty ? analyst : folded)
      </main>
      """
    return MarkupText.page(title: title, body: body)
  }

  /// A title whose date stays on one line.
  private static func heading(_ title: String) -> String {
    MarkupText.words(title).replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}/) { "<span class=\"date\">\($0.output)</span>" }
  }

  private var contents: String {
    let links = sections.enumerated().map { index, section in
      "<li><a href=\"#\(Self.anchor(section, index))\">\(MarkupText.words(section.title))</a>"
        + (section.belongsTo.map { " <small>\(MarkupText.words($0))</small>" } ?? "") + "</li>"
    }
    return "<nav aria-label=\"Contents\"><ol>\(links.joined())</ol></nav>"
  }

  private var analyst: String {
    "<div class=\"columns\">\n"
      + sections.enumerated().map { Self.html($1, anchor: Self.anchor($1, $0)) }.joined(separator: "\n") + "\n</div>"
  }

  private var folded: String {
    """
    <details class="analyst" id="analyst">
    <summary>\(Self.analystTitle)</summary>
    <p class="explanation">\(Self.analystExplanation)</p>
    \(contents)
    \(analyst)
    </details>
    """
  }

  private static func anchor(_ section: ReportSection, _ index: Int) -> String { section.anchor ?? "s\(index + 1)" }

  private static func html(_ section: ReportSection, anchor: String) -> String {
    let owner = section.belongsTo.map { "<p class=\"owner\">\(MarkupText.words($0))</p>\n" } ?? ""
    let explanation =
      section.explanation.isEmpty ? "" : "<p class=\"explanation\">\(MarkupText.words(section.explanation))</p>\n"
    let back =
      section.parent.map { parent in
        "\n<p class=\"back\"><a href=\"#\(parent.anchor)\">\(MarkupText.escaped(parent.words))</a></p>"
      } ?? ""
    return """
      <section id="\(anchor)">
      <h2>\(MarkupText.words(section.title))</h2>
      \(owner)\(explanation)\(section.page.map { Self.way(to: $0, "open") + "\n" } ?? "")\(section.blocks.map { html($0, of: section) }.joined(separator: "\n"))\(back)
      </section>
      """
  }

  private static func way(to page: (file: String, words: String), _ kind: String) -> String {
    "<p class=\"\(kind)\">\(link(to: page))</p>"
  }

  private static func link(to page: (file: String, words: String)) -> String {
    "<a href=\"\(MarkupText.escaped(page.file))\">\(MarkupText.words(page.words))</a>"
  }

  private static func html(_ block: ReportBlock, of section: ReportSection) -> String {
    switch block {
    case .paragraph(let text): "<p>\(MarkupText.words(text))</p>"
    case .warning(let text): "<p class=\"warning\">\(MarkupText.words(text))</p>"
    case .table(let table): table.html(label: section.title)
    case .list(let items, let isNumbered): html(items, isNumbered ? "ol" : "ul")
    case .pictures(let pictures, _): PictureText.html(pictures)
    }
  }

  private static func html(_ items: [ReportItem], _ tag: String) -> String {
    let lines = items.map { item in
      let title =
        item.link.map { "<a href=\"#\($0)\">\(MarkupText.name(item.title))</a>" } ?? MarkupText.name(item.title)
      let colon = item.link == nil ? ":" : ""
      return "<li\(item.isWarning ? " class=\"urgent\"" : "")>"
        + (item.title.isEmpty ? "" : "<span class=\"title\">\(title)\(colon)</span> ") + MarkupText.words(item.text)
        + (item.page.map { " \(Self.link(to: $0))" } ?? "")
        + (item.remedy.map { " <span class=\"remedy\"><b>\($0.title)</b> \(MarkupText.words($0.text))</span>" } ?? "")
        + "</li>"
    }
    return "<\(tag) class=\"items\">\n\(lines.joined(separator: "\n"))\n</\(tag)>"
  }
}

extension Verdict.State {
  /// The state as a mark and a few words.
  var words: String {
    switch self {
    case .held: "✓ Within limits."
    case .broken: "✗ Out of limits."
    case .unchecked: "– Not checked."
    case .empty: "– Nothing to check."
    }
  }
}
