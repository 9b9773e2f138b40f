import DialogueDomain
import Foundation
import Presentation

/// What a person reads first.
struct MorningSections {
  let morning: MorningFigures
  /// The night's; nil where its conversations have no pages beside this one.
  var date: String?
  /// Until when corrections are counted, where some came after the period.
  var since: String?
  /// Whether what failed is left out.
  var lacksFailures = false

  static let conversationsAnchor = "conversations"
  private static let listedFailures = 8

  var sections: [ReportSection] {
    var sections = [felt]
    if !morning.conversations.isEmpty { sections.append(conversations) }
    sections += lacksFailures ? [unusual] : [failed, unusual]
    return sections
      + morning.conversations.enumerated().map { ConversationSection($1, number: $0 + 1, date: date).section }
  }

  // MARK: What was felt

  private var felt: ReportSection {
    guard !morning.felt.isEmpty else {
      return ReportSection("What was said to be felt", "", [.paragraph(morning.headline)], anchor: "felt")
    }
    var blocks: [ReportBlock] = [
      .paragraph(morning.headline), .pictures([bars.svg], instead: []), .table(byEmotion),
    ]
    if let line = morning.sureness?.line { blocks.append(.paragraph(line)) }
    if let since {
      blocks.append(
        .paragraph(
          "People have corrected some of these labels since: what was truly felt is as it was known on \(since), which a "
            + "report that was written before does not know."))
    }
    if morning.speakers.count > 1 { blocks.append(.table(bySpeaker)) }
    return ReportSection(
      "What was said to be felt",
      "What the model heard in each utterance. It can be wrong: open a conversation before you conclude.",
      blocks, anchor: "felt")
  }

  private var bars: BarChart {
    BarChart(
      title: "Share of the utterances, %", series: ["labelled so"],
      groups: morning.felt.map { BarChart.Group(name: $0.emotion, values: [$0.share]) },
      limit: morning.felt.map(\.share).max() ?? 1, numbers: .percent)
  }

  private var byEmotion: DataTable {
    DataTable(
      "By whom", header: ["emotion", "utterances", "share", "most often by"],
      rows: morning.felt.map { felt in
        [
          felt.emotion, NumberText.count(felt.utterances), NumberText.percent(felt.share),
          felt.speakers.map { "\($0.name) (\(NumberText.count($0.utterances)))" }.joined(separator: ", "),
        ]
      }, words: [0, 3])
  }

  private var bySpeaker: DataTable {
    let listed = morning.speakers.count
    return DataTable(
      listed < morning.speakerCount
        ? "Who felt what: the \(listed) busiest of \(NumberText.count(morning.speakerCount))" : "Who felt what",
      header: ["speaker", "utterances", "something felt in", "most of all"],
      rows: morning.speakers.map { speaker in
        [
          speaker.name, NumberText.count(speaker.utterances),
          NumberText.percent(Double(speaker.feltUtterances) / Double(max(speaker.utterances, 1))),
          speaker.felt.map { "\($0.emotion) (\(NumberText.count($0.utterances)))" }.joined(separator: ", "),
        ]
      }, words: [0, 3])
  }

  // MARK: What to open, to mend and to wonder about

  private var conversations: ReportSection {
    let count = morning.conversations.count
    let words = ["no", "one", "two", "three", "four", "five"]
    return ReportSection(
      count == 1 ? "One conversation to open" : "\(words[min(count, 5)].capitalizedFirst) conversations to open",
      "Chosen by one rule. \(morning.rule)",
      [
        .list(
          morning.conversations.enumerated().map { index, conversation in
            ReportItem(
              conversation.dialogue, "in \(conversation.bundle): \(conversation.line)",
              link: ConversationSection.anchor(index + 1),
              page: date.map { (ConversationPages.fileName($0, index + 1), "Its own page") })
          }, isNumbered: true)
      ], anchor: Self.conversationsAnchor)
  }

  private var failed: ReportSection {
    guard !morning.failed.isEmpty else {
      return ReportSection("What failed", "", [.paragraph("Nothing failed.")], anchor: "failed")
    }
    let more = morning.failed.count - Self.listedFailures
    return ReportSection(
      "What failed, and how to mend it", "",
      [
        .list(
          morning.failed.prefix(Self.listedFailures).map { group in
            ReportItem(
              group.names, "\(group.what).", isWarning: group.state == .failed,
              remedy: (group.state == .failed ? "To mend it:" : "Now:", group.remedy))
          }, isNumbered: false)
      ]
        + (more > 0
          ? [.paragraph("And \(NumberText.count(more, "other reason")): 'ambq errors' lists every file that failed.")]
          : []),
      anchor: "failed")
  }

  private var unusual: ReportSection {
    guard !morning.unusual.isEmpty else {
      return ReportSection(
        "What is unusual", "", [.paragraph("Nothing, as far as can be told: see the first table for the analyst.")],
        anchor: "unusual")
    }
    return ReportSection(
      "What is unusual", "",
      [.list(morning.unusual.map { ReportItem("", $0.line.capitalizedFirst) }, isNumbered: false)], anchor: "unusual")
  }
}

/// One conversation, utterance by utterance.
struct ConversationSection {
  private let conversation: ConversationFigures
  private let number: Int
  private let date: String?

  init(_ conversation: ConversationFigures, number: Int, date: String? = nil) {
    self.conversation = conversation
    self.number = number
    self.date = date
  }

  static func anchor(_ number: Int) -> String { "conversation-\(number)" }

  var section: ReportSection {
    let turns = conversation.turns
    let hasWords = turns.contains { $0.text != nil }
    let hasTruth = turns.contains { $0.truth != nil }
    var text = "In \(conversation.bundle), between \(conversation.speakers.prefix(6).joined(separator: ", "))"
    if conversation.speakers.count > 6 { text += " and \(NumberText.count(conversation.speakers.count - 6)) more" }
    text += ": \(conversation.line)"
    let all = "'ambq show \(ShellText.quoted(conversation.dialogue))' prints all."
    if turns.count < conversation.utterances, let first = turns.first?.turn, let last = turns.last?.turn {
      text +=
        " Shown are utterances \(first) to \(last) of 0 to \(conversation.utterances - 1), where there is most of that;"
      text += " \(all)"
    }
    if let first = conversation.strongestTurns.first, let last = conversation.strongestTurns.last,
      last - first + 1 < turns.count
    {
      text += " Most of it lies in utterances \(first) to \(last), which is all that paper and terminals show"
      text += turns.count < conversation.utterances ? "." : "; \(all)"
    }
    if !hasWords { text += " There are no words to show: the file has none, or they are not kept." }
    var table = DataTable(
      "", header: ["speaker", "emotion", "how sure"] + (hasWords ? ["words"] : []) + (hasTruth ? ["truly"] : []),
      rows: turns.map { turn in
        let sure = turn.sureness.map { "\($0.words), \(NumberText.percent(turn.confidence ?? 0))" } ?? "–"
        return ["\(turn.turn). \(turn.speaker)", turn.emotion ?? "no label", sure]
          + (hasWords ? [turn.text ?? ""] : []) + (hasTruth ? [turn.truth ?? ""] : [])
      }, words: Set(0...4))
    let printed = (conversation.strongestTurns.first ?? 0)...(conversation.strongestTurns.last ?? 0)
    table.minorRows = Set(turns.indices.filter { !printed.contains(turns[$0].turn) })
    return ReportSection(
      "\(number). \(conversation.dialogue)", text, [.table(table)], anchor: Self.anchor(number),
      parent: (MorningSections.conversationsAnchor, "Back to the conversations to open"),
      page: date.map { (ConversationPages.fileName($0, number), "All of it on a page of its own, with who spoke when") }
    )
  }
}

extension String {
  /// With a capital at its beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
