import Foundation

/// Which utterances to find, and in which order.
///
/// Filters of different kinds must all hold; of the values of one kind, one must. Names of speakers, dialogues and bundles may hold `*` (any characters) and `?` (one character).
public struct UtteranceQuery: Sendable, Hashable {
  public var emotions: [String] = []
  public var excludedEmotions: [String] = []
  public var speakers: [String] = []
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
  public var minimumConfidence: Double?
  public var maximumConfidence: Double?
  /// Of a stability below this; utterances without a stability are left out.
  public var stabilityBelow: Double?
  /// Of this stability or less, likewise.
  public var maximumStability: Double?
  /// Includes scorings that another model's scoring of the same bytes has superseded.
  public var allModels = false
  /// Most significant first; empty means by time.
  public var order: [UtteranceOrder] = []
  public var limit: Int?
  public var offset = 0

  public init() {}
}

/// One sorting criterion.
public struct UtteranceOrder: Sendable, Hashable {
  public enum Field: String, CaseIterable, Sendable {
    /// When the bundle was scored; within it, the order of the bundle.
    case time
    case confidence
    case dialogue
    case speaker
    case emotion
    /// Utterances without one come last in either direction.
    case stability
  }

  public var field: Field
  public var descending: Bool

  public init(_ field: Field, descending: Bool = false) {
    self.field = field
    self.descending = descending
  }
}
