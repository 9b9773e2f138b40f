import DialogueDomain
import Presentation
import ResultIndex

/// What a label rests on, in plain words.
struct WhyStory {
  private let utterance: IndexedUtterance
  private let told: UtteranceExplanation
  private let explained: ExplainedDialogue

  init(_ utterance: IndexedUtterance, _ told: UtteranceExplanation, _ explained: ExplainedDialogue) {
    (self.utterance, self.told, self.explained) = (utterance, told, explained)
  }

  func draw(on console: ResultConsole) throws {
    let bundle = utterance.bundle
    let origin = "\(bundle.title), scored \(TimeText.local(bundle.scored)) by \(bundle.modelName)"
    try console.line(console.styled("\(utterance.dialogue):\(utterance.turn)", .bold))
    try console.paragraph(origin + (bundle.isCurrent ? "" : " (superseded)"), .faint)
    try console.paragraph(said)
    if !explained.agreement.holds { try console.paragraph("! " + disagreement, .bold) }
    try console.heading("The label")
    for line in label { try console.paragraph(line) }
    guard utterance.reasonForNoLabel == nil else { return }
    try console.heading("What it rests on")
    for line in ModalityStory(utterance, told).lines { try console.paragraph(line) }
    try console.heading("Whom it listened to")
    try NeighbourStory(told, explained).draw(on: console)
  }

  private var said: String {
    guard let words = utterance.text else { return "\(utterance.speaker) speaks; the words are not kept." }
    return "\(utterance.speaker): \"\(words)\""
  }

  private var label: [String] {
    if let reason = utterance.reasonForNoLabel { return ["There is no label: \(reason)."] }
    let sureness = Sureness(confidence: utterance.confidence, isUncertain: utterance.isUncertain)
    let ranked = zip(utterance.bundle.emotions.names, utterance.probabilities).sorted { $0.1 > $1.1 }
    let next = ranked.filter { $0.0 != utterance.emotion }.prefix(2)
      .map { "\($0.0) \(NumberText.percent(Double($0.1)))" }
    let first = "\(utterance.emotion), \(NumberText.percent(utterance.confidence)) (\(sureness.words))"
    var lines = [first + (next.isEmpty ? "." : "; next come \(next.joined(separator: " and ")).")]
    if let set = utterance.labelSetNames, set.count > 1 {
      lines.append("The model cannot rule out \(set.joined(separator: ", ")).")
    }
    if let truth = utterance.truth { lines.append("The bundle's own label is \(truth).") }
    return lines
  }

  private var disagreement: String {
    "Run again, the model says \(told.emotion), \(NumberText.percent(told.confidence)), which is not what the index holds: "
      + "ambd, its text encoder or the processor is another. What follows explains the label of the rerun."
  }
}

/// What each modality brought to a label, and how firmly it stands.
struct ModalityStory {
  private let utterance: IndexedUtterance
  private let told: UtteranceExplanation

  init(_ utterance: IndexedUtterance, _ told: UtteranceExplanation) {
    (self.utterance, self.told) = (utterance, told)
  }

  /// One sentence a line.
  var lines: [String] {
    [brought] + without + [margin, stability].compactMap(\.self)
  }

  private var brought: String {
    let shares = told.shares.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if let only = shares.first, shares.count == 1 { return "It rests on \(only.key.plainWords) alone." }
    let parts = shares.enumerated().map { place, share in
      let percent = NumberText.percent(share.value)
      return place == 0
        ? "The \(share.key.plainName) brought \(percent) of what speaks for \(told.emotion)"
        : "\(share.key.plainWords) \(percent)"
    }
    return parts.joined(separator: ", ") + "."
  }

  private var without: [String] {
    told.without.sorted { $0.key < $1.key }.map { modality, label in
      let still = label.emotion == told.emotion ? "still be" : "be"
      return
        "Without \(modality.plainWords) it would \(still) \(label.emotion), \(NumberText.percent(label.confidence))."
    }
  }

  private var margin: String? {
    guard told.branchLogits.count > 1 else { return nil }
    guard let margin = told.margin else { return "However these are weighed, the label stays." }
    let most = 1 - 1 / Double(told.branchLogits.count)
    return "The label changes when \(NumberText.percent(margin)) of the weight goes from one to another; "
      + "at most \(NumberText.percent(most)) can."
  }

  private var stability: String? {
    utterance.stability.map { "With noise added, \(NumberText.percent($0)) of the runs keep the label." }
  }
}

/// The neighbours that a label's utterance listened to, and those that it cancelled.
struct NeighbourStory {
  private let told: UtteranceExplanation
  private let explained: ExplainedDialogue

  init(_ told: UtteranceExplanation, _ explained: ExplainedDialogue) {
    (self.told, self.explained) = (told, explained)
  }

  func draw(on console: ResultConsole) throws {
    guard !told.neighbours.isEmpty else {
      return try console.paragraph("To nobody: this model has no attention between utterances.")
    }
    try console.paragraph(
      "It looked at up to \(NumberText.count(explained.explanation.window, "turn")) before and after it. "
        + "Of a first look a second one is taken away, so that what both see in noise cancels. "
        + "This says what the model could draw on; what it counted for is above.")
    for modality in told.branchLogits.keys.sorted() {
      for graph in SpeakerGraph.allCases {
        let all = told.neighbours.filter { $0.modality == modality && $0.graph == graph }
        guard !all.isEmpty else { continue }
        try console.line()
        try console.line(console.styled("In \(modality.plainWords), \(graph.inWords):", .bold))
        // Without others there is only the utterance itself, and nothing to choose.
        if all.allSatisfy({ $0.relation == .itself }) {
          try console.line("nobody within reach")
        } else {
          let choice = NeighbourChoice(all)
          try console.print(
            columns,
            choice.listened.map { cells($0, "listened to") } + choice.cancelled.map { cells($0, "cancelled") })
        }
      }
    }
  }

  private var hasWords: Bool { explained.turns.contains { $0.text != nil } }

  private var columns: [Table.Column] {
    var columns = [
      Table.Column(""), Table.Column("TURN", .right), Table.Column("SPEAKER", shrinksTo: 5),
      Table.Column("LOOK", .right), Table.Column("TAKEN", .right), Table.Column("LEFT", .right),
    ]
    if hasWords { columns.append(Table.Column("WORDS", shrinksTo: 10)) }
    return columns
  }

  private func cells(_ one: NeighbourAttention, _ what: String) -> [Table.Cell] {
    let speaker = explained.turns.first { $0.turn == one.turn }?.speaker ?? ""
    return [
      Table.Cell(what, .faint), Table.Cell(String(one.turn), .faint),
      Table.Cell(one.relation == .itself ? "(itself)" : speaker), percent(one.mean.attended),
      percent(one.mean.cancelled), percent(one.mean.left),
    ] + (hasWords ? [Table.Cell(explained.words(of: one.turn) ?? "")] : [])
  }

  private func percent(_ share: Double) -> Table.Cell {
    Table.Cell(NumberText.percent(share, places: 0))
  }
}

extension SpeakerGraph {
  /// Whom the graph joins an utterance with.
  var inWords: String {
    switch self {
    case .otherSpeakers: "among what others said"
    case .ownSpeaker: "among the speaker's own turns"
    }
  }
}
