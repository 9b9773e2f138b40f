/// One tier of a speaker: turns that do not overlap, in the order of time.
struct SpeakerTier {
  /// The tier of the words; no other tier has its name, nor those of the two beside it.
  private(set) var title = ""
  let speaker: String
  private(set) var turns: [ExportedTurn] = []

  /// The tier of the labels.
  var emotionTitle: String { title + Self.emotionEnding }
  /// The tier of their probabilities.
  var confidenceTitle: String { "\(title) - confidence" }

  static let emotionEnding = " - emotion"

  /// The tiers of a dialogue, speaker by speaker.
  ///
  /// Praat and ELAN let nothing overlap within a tier. A turn that begins before the same speaker's last one has ended goes
  /// to that speaker's second tier, `Anna (2)`, and so on: no time is changed.
  static func tiers(of dialogue: ExportedDialogue) -> [SpeakerTier] {
    var lanes: [String: [SpeakerTier]] = [:]
    for turn in dialogue.inTime {
      guard let span = turn.span else { continue }
      var own = lanes[turn.speaker] ?? []
      let free = own.firstIndex { ($0.turns.last?.span?.upperBound ?? 0) <= span.lowerBound }
      if let free {
        own[free].turns.append(turn)
      } else {
        own.append(SpeakerTier(speaker: turn.speaker, turns: [turn]))
      }
      lanes[turn.speaker] = own
    }
    var titles: Set<String> = [TextGridMark.title]
    return dialogue.speakers.flatMap { speaker in
      (lanes[speaker] ?? []).enumerated().map { number, lane in
        var tier = lane
        tier.title = number == 0 ? speaker : "\(speaker) (\(number + 1))"
        var next = number + 2
        // A speaker may be called what another one's second tier is.
        while !titles.isDisjoint(with: tier.titles) {
          tier.title = "\(speaker) (\(next))"
          next += 1
        }
        titles.formUnion(tier.titles)
        return tier
      }
    }
  }

  private var titles: [String] { [title, emotionTitle, confidenceTitle] }
}
