import Presentation
import ResultIndex

/// The page that leads to the nights, and to the dialogues that were scored last.
struct HomePage {
  /// The latest first.
  let dialogues: [UtteranceGroup]
  let limit: Int
  let hasNights: Bool

  static let usual = 100
  static let most = 2000

  /// Emotions that a line names.
  private static let named = 3

  var html: String {
    let title = "Conversations"
    let nights =
      hasNights
      ? "<p><a href=\"/nights/latest.html\">The latest night</a> · <a href=\"/nights/\">All nights</a></p>"
      : "<p>No night has a report yet.</p>"
    let list =
      dialogues.isEmpty
      ? "<p>No dialogue is to be found here.</p>"
      : "<ul class=\"items\">\n\(dialogues.map(Self.line).joined(separator: "\n"))\n</ul>"
    let more =
      dialogues.count == limit
      ? "<p>These are the last \(NumberText.count(limit)). "
        + "<code>/?speaker=Rachel&amp;since=monday&amp;limit=500</code> shows others: the filters of ambq list.</p>"
      : ""
    let body = """
      <header>
      <h1>\(title)</h1>
      \(nights)
      </header>
      <main>
      <section>
      <h2>Dialogues, the latest first</h2>
      \(list)
      \(more)
      </section>
      <section>
      <h2>For programs</h2>
      <p><a href="/api">/api</a> lists what there is as JSON.</p>
      </section>
      </main>
      """
    return MarkupText.page(title: title, body: body)
  }

  private static func line(_ group: UtteranceGroup) -> String {
    var parameters = [RequestTarget.Parameter(name: "dialogue", value: group.name)]
    if let bundle = group.bundle { parameters.append(.init(name: "bundle", value: bundle.digest)) }
    let page = RequestTarget(path: "/dialogue", parameters: parameters).text
    let felt = (group.figures?.emotions ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(named)
    let emotions = felt.map { "\(NumberText.count($0.value)) \(MarkupText.plain($0.key))" }.joined(separator: ", ")
    let facts = NumberText.count(group.utterances, "utterance") + (emotions.isEmpty ? "" : ": \(emotions)")
    let origin = group.bundle.map { bundle in
      let scored = TimeText.iso(bundle.scored).prefix(16).replacing("T", with: " ")
      return "<small>in \(MarkupText.isolated(bundle.title)), \(scored) UTC</small>"
    }
    return """
      <li><a class="title" href="\(MarkupText.escaped(page))">\(MarkupText.isolated(group.name))</a> \(facts) \
      \(origin ?? "")</li>
      """
  }
}
