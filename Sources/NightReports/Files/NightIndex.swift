import AmbqConfiguration
import Foundation
import Presentation

/// One line of the index of nights: the few things of a report that it tells.
struct NightEntry: Decodable, Sendable, Equatable {
  struct Period: Decodable, Equatable {
    var date: String?
  }

  struct State: Decodable, Equatable {
    var state: Verdict.State
  }

  struct Bundles: Decodable, Equatable {
    var scored: Int
    var utterances: Int
    var failed: Int
  }

  struct Morning: Decodable, Equatable {
    var headline: String
  }

  var period: Period
  var verdict: State
  var bundles: Bundles
  /// Nil in reports of before there was any.
  var morning: Morning?

  init(_ report: NightReport) {
    period = Period(date: report.period.date)
    verdict = State(state: report.verdict.state)
    bundles = Bundles(
      scored: report.bundles.scored, utterances: report.bundles.utterances, failed: report.bundles.failed)
    morning = report.morning.map { Morning(headline: $0.headline) }
  }

  /// What the night was, in words.
  var line: String {
    let text = morning?.headline ?? "\(NumberText.count(bundles.utterances, "utterance"))."
    let failed = bundles.failed > 0 ? " \(NumberText.count(bundles.failed, "file")) failed." : ""
    return text + failed
  }
}

/// The page that leads to every night's report.
struct NightIndex {
  /// The nights that have a report, the latest first; nil where its figures were not read.
  let nights: [(date: CalendarDay, entry: NightEntry?)]

  /// So many nights tell what they were; older ones are links.
  static let told = 62

  var html: String {
    let title = "Nights"
    let latest =
      nights.isEmpty ? "<p>No night has a report yet.</p>" : "<p><a href=\"latest.html\">The latest night</a></p>"
    let body = """
      <header>
      <h1>\(title)</h1>
      <p>The reports that ambd has written, the latest first.</p>
      </header>
      <main>
      \(latest)
      \(months.map(Self.html).joined(separator: "\n"))
      </main>
      """
    return MarkupText.page(title: title, body: body)
  }

  /// The nights month by month, the latest first.
  private var months: [(name: String, nights: [(date: CalendarDay, entry: NightEntry?)])] {
    var months: [(name: String, nights: [(date: CalendarDay, entry: NightEntry?)])] = []
    for night in nights {
      let name = String(night.date.text.dropLast(3))
      if months.last?.name != name { months.append((name, [])) }
      months[months.count - 1].nights.append(night)
    }
    return months
  }

  private static func html(_ month: (name: String, nights: [(date: CalendarDay, entry: NightEntry?)])) -> String {
    let lines = month.nights.map { night in
      let date = night.date.text
      let state = night.entry.map { entry in
        " <span class=\"\(entry.verdict.state.rawValue)\"><b>\(entry.verdict.state.words)</b></span>"
      }
      return """
        <li><a class="title" href="\(date).html">\(date)</a>\(state ?? "") \
        \(MarkupText.words(night.entry?.line ?? "")) <small><a href="\(date).md" aria-label="\(date) in Markdown">Markdown</a> \
        <a href="\(date).json" aria-label="\(date) in JSON">JSON</a></small></li>
        """
    }
    return """
      <section>
      <h2>\(month.name)</h2>
      <ul class="items">
      \(lines.joined(separator: "\n"))
      </ul>
      </section>
      """
  }
}
