import DialogueDomain
import Foundation

/// Which utterances to find, and in which order.
///
/// Filters of different kinds must all hold; of the values of one kind, one must. Names of speakers, dialogues and bundles may hold `*` (any characters) and `?` (one character).
public struct UtteranceQuery: Sendable, Hashable {
  /// Only these labels; empty: all.
  public var emotions: [String] = []
  /// None of these labels.
  public var excludedEmotions: [String] = []
  /// Only these speakers; empty: all.
  public var speakers: [String] = []
  /// Only these dialogues; empty: all.
  public var dialogues: [String] = []
  /// File names, titles, or the first eight or more digits of digests.
  public var bundles: [String] = []
  /// Model names, or the first eight or more digits of digests.
  ///
  /// Naming a model finds its superseded scorings too.
  public var models: [String] = []
  /// Scored at this time or later.
  public var since: Date?
  /// Scored before this time.
  public var until: Date?
  /// Only labels at least as sure, 0 to 1.
  public var minimumConfidence: Double?
  /// Only labels at most as sure, 0 to 1.
  public var maximumConfidence: Double?
  /// Of a stability below this; utterances without a stability are left out.
  public var stabilityBelow: Double?
  /// Of this stability or less, likewise.
  public var maximumStability: Double?
  /// Only labels that their model calls uncertain, or only those that it calls certain; nil: all.
  public var isUncertain: Bool?
  /// Only utterances whose set of labels holds one of these; empty: all.
  public var setEmotions: [String] = []
  /// Words that must all be said; nil: any.
  public var words: WordPattern?
  /// Includes scorings that another model's scoring of the same bytes has superseded.
  public var allModels = false
  /// Most significant first; empty means by time.
  public var order: [UtteranceOrder] = []
  /// At most so many; nil: all.
  public var limit: Int?
  /// So many are passed over first.
  public var offset = 0

  /// Every utterance, of a period where one is given.
  public init(since: Date? = nil, until: Date? = nil, allModels: Bool = false) {
    (self.since, self.until, self.allModels) = (since, until, allModels)
  }
}

/// One sorting criterion.
public struct UtteranceOrder: Sendable, Hashable {
  /// What utterances can be sorted by.
  public enum Field: String, CaseIterable, Sendable {
    /// When the bundle was scored; within it, the order of the bundle.
    case time
    /// How sure the label is.
    case confidence
    /// The dialogue's id.
    case dialogue
    /// The speaker's name.
    case speaker
    /// The label's name.
    case emotion
    /// Utterances without one come last in either direction.
    case stability
  }

  /// What to sort by.
  public var field: Field
  /// The largest or latest first.
  public var descending: Bool

  /// An order by one field.
  public init(_ field: Field, descending: Bool = false) {
    self.field = field
    self.descending = descending
  }
}
