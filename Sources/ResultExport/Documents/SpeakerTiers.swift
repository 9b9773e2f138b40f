/// One tier of a speaker: turns that do not overlap, in the order of time.
struct SpeakerTier {
  /// A name that no other tier has.
  var title: String
  var speaker: String
  var turns: [ExportedTurn] = []

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
        own.append(SpeakerTier(title: "", speaker: turn.speaker, turns: [turn]))
      }
      lanes[turn.speaker] = own
    }
    var titles = Set(dialogue.speakers)
    return dialogue.speakers.flatMap { speaker in
      (lanes[speaker] ?? []).enumerated().map { number, lane in
        var tier = lane
        tier.title = speaker
        var next = number + 1
        while number > 0, !titles.insert(tier.title).inserted {
          tier.title = "\(speaker) (\(next))"
          next += 1
        }
        return tier
      }
    }
  }
}
