import ResultIndex

/// Where the labels of a dialogue stand in a TextGrid or an ELAN file that `ambq export` makes of it: what leads from such a
/// file back to the utterances.
public struct EmotionTierPlaces {
  /// A label's tier and time.
  public struct Place: Hashable {
    /// The name of the tier.
    public let tier: String
    /// Milliseconds.
    public let start: Int
    /// Milliseconds.
    public let end: Int

    /// A place of its parts.
    public init(tier: String, start: Int, end: Int) {
      (self.tier, self.start, self.end) = (tier, start, end)
    }
  }

  /// The utterances' ids by their places; a label without times has none.
  public let utterances: [Place: String]

  /// - Parameter rows: the utterances of one dialogue of one bundle, all of them, in order.
  public init(_ rows: [IndexedUtterance]) {
    guard let first = rows.first else {
      utterances = [:]
      return
    }
    let dialogue = ExportedDialogue(rows, of: first.bundle, name: first.dialogue)
    var found: [Place: String] = [:]
    for tier in SpeakerTier.tiers(of: dialogue) {
      for turn in tier.turns {
        guard let span = turn.span else { continue }
        found[Place(tier: tier.emotionTitle, start: span.lowerBound, end: span.upperBound)] = turn.row.utterance
      }
    }
    utterances = found
  }

  /// Whether a tier's name is that of one with labels.
  public static func isEmotionTier(_ name: String) -> Bool { name.hasSuffix(SpeakerTier.emotionEnding) }
}
