import DialogueDomain
import Presentation
import ResultIndex

/// One utterance in the list of a dialogue's page.
struct UtteranceItem {
  private let turn: IndexedUtterance
  private let mostCharacters: Int?
  private let links: AttentionLinks?
  private let speakers: [Int: String]
  private let colours: EmotionColours
  private let matching: EmotionMatching

  /// - Parameters:
  ///   - mostCharacters: of the words; nil for all.
  ///   - links: whom it listened to; nil where that is not known.
  ///   - speakers: by the turns that the page shows.
  init(
    _ turn: IndexedUtterance, mostCharacters: Int? = nil, links: AttentionLinks?, speakers: [Int: String],
    colours: EmotionColours,
    matching: EmotionMatching
  ) {
    (self.turn, self.mostCharacters, self.links, self.speakers) = (turn, mostCharacters, links, speakers)
    (self.colours, self.matching) = (colours, matching)
  }

  /// How sure the label is; nil where there is none.
  static func sureness(_ turn: IndexedUtterance) -> Sureness? {
    turn.reasonForNoLabel == nil ? Sureness(confidence: turn.confidence, isUncertain: turn.isUncertain) : nil
  }

  /// The label with how sure it is, or why there is none.
  static func label(_ turn: IndexedUtterance) -> String {
    if let reason = turn.reasonForNoLabel { return "no label: \(reason)" }
    return "\(turn.emotion), \(NumberText.percent(turn.confidence)), \(sureness(turn)?.words ?? "")"
  }

  var html: String {
    let time = turn.start.map { "<span class=\"time\">\(TimeText.clock($0))</span> " } ?? ""
    let lines =
      ["<p>\(turn.turn). \(time)<b>\(MarkupText.isolated(turn.speaker))</b> \(chip)</p>"]
      + (turn.text.map { ["<p class=\"said\" dir=\"auto\">\(MarkupText.plain(shortened($0)))</p>"] } ?? [])
      + shares + [facts, attention].compactMap { $0.map { "<p class=\"more\">\($0)</p>" } }
    let edge = turn.reasonForNoLabel == nil ? " class=\"\(colours.name(turn.emotion))\"" : ""
    return "<li id=\"t\(turn.turn)\"\(edge) tabindex=\"-1\" data-turn=\"\(turn.turn)\"\(data)>\n"
      + lines.joined(separator: "\n") + "\n</li>"
  }

  private func shortened(_ text: String) -> String {
    guard let mostCharacters, text.count > mostCharacters else { return text }
    return text.prefix(mostCharacters) + "…"
  }

  /// The label: filled, hollow where it is unsure, dashed where there is none.
  private var chip: String {
    if let reason = turn.reasonForNoLabel {
      return "<span class=\"chip none\">no label</span> \(MarkupText.words(reason))"
    }
    let isUnsure = Self.sureness(turn) == .unsure
    let words = Self.sureness(turn)?.words ?? ""
    return "<span class=\"chip \(isUnsure ? "hollow " : "")\(colours.name(turn.emotion))\">"
      + "\(MarkupText.isolated(turn.emotion))</span> \(MarkupText.words(NumberText.percent(turn.confidence))), "
      + (isUnsure ? "<span class=\"unsure\">\(words)</span>" : words)
  }

  /// A bar of what each modality brought, and the same in words.
  private var shares: [String] {
    let known = Modality.allCases.compactMap { modality in turn.share(of: modality).map { (modality, $0) } }
    guard known.count > 1 else { return [] }
    let bar = known.filter { $0.1 > 0 }.map { modality, share in
      "<span class=\"\(modality.rawValue)\" style=\"flex-grow: \(NumberText.decimal(share * 100, places: 1))\"></span>"
    }
    let words = known.map { "\($0.0.plainName) \(NumberText.percent($0.1))" }.joined(separator: ", ")
    return [
      "<div class=\"shares\" aria-hidden=\"true\">\(bar.joined())</div>",
      "<p class=\"more\">\(MarkupText.words("Brought by \(words)"))</p>",
    ]
  }

  private var facts: String? {
    var facts: [String] = []
    if let stability = turn.stability {
      facts.append(
        "\(stability < 0.5 ? "<b>shaky:</b> " : "")"
          + MarkupText.words("\(NumberText.percent(stability)) of noisy runs keep the label"))
    }
    if let set = turn.labelSetNames, set.count > 1 {
      facts.append("cannot be ruled out: \(set.map(MarkupText.isolated).joined(separator: ", "))")
    }
    if let truth = turn.truth {
      let agreement = matching.agreement(
        truth: truth, label: turn.bundle.emotions.index(of: turn.emotion), in: turn.bundle.emotions)
      let mark =
        switch agreement {
        case .judged(let truth, let label): truth == label ? "= " : "≠ "
        case .otherEmotion, .unanswered: ""
        }
      facts.append("\(mark)truly \(MarkupText.isolated(truth))")
    }
    return facts.isEmpty ? nil : facts.joined(separator: " · ")
  }

  private var attention: String? {
    guard let links else { return nil }
    let parts = [("Listened to", links.heard), ("cancelled", links.cancelled)].filter { !$0.1.isEmpty }
    guard !parts.isEmpty else { return "Listened to nobody but itself" }
    return parts.map { what, of in "\(what) \(of.map(link).joined(separator: ", "))" }.joined(separator: "; ")
  }

  private func link(_ link: AttentionLinks.Link) -> String {
    let name = "\(link.turn)" + (speakers[link.turn].map { " \(MarkupText.isolated($0))" } ?? "")
    let share = MarkupText.words(" (\(NumberText.percent(link.share)))")
    return (speakers[link.turn] == nil ? name : "<a href=\"#t\(link.turn)\">\(name)</a>") + share
  }

  /// The same for the script: turns and per cent.
  private var data: String {
    guard let links else { return "" }
    func list(_ name: String, _ of: [AttentionLinks.Link]) -> String {
      let pairs = of.map { "\($0.turn):\(Int(($0.share * 100).rounded()))" }
      return pairs.isEmpty ? "" : " data-\(name)=\"\(pairs.joined(separator: " "))\""
    }
    return list("heard", links.heard) + list("cancelled", links.cancelled)
  }
}

/// How to read the page, for whoever opens it without having read anything else.
struct ReadingGuide {
  let hasAttention: Bool

  var html: String {
    let lines =
      [
        "The model can be wrong: listen for yourself before you conclude.",
        "The higher a bar, the surer its label. A hollow bar or name is an unsure label, a dashed one none: the utterance "
          + "lacks all that the model reads.",
        "\"Brought by\" says how much of what speaks for the label came from the words, the picture and the sound.",
        "Runs with noise say how firmly a label stands: one that fewer than half of them keep is called shaky.",
      ]
      + (hasAttention
        ? [
          "Of a first look at the neighbours a second one is taken away, so that what both see in noise cancels. \"Listened "
            + "to\" names those of whom most is left, \"cancelled\" those of whom more than their part was taken. It says what "
            + "the model could draw on, not how much it counted. Point at an utterance, or tap it, to see it in the picture; "
            + "the arrow keys go from one to the next."
        ] : [])
    return """
      <section id="reading">
      <h2>How to read this</h2>
      \(lines.map { "<p>\(MarkupText.words($0))</p>" }.joined(separator: "\n"))
      </section>
      """
  }
}
