import Foundation

/// What utterances are grouped by.
public enum UtteranceGrouping: String, CaseIterable, Sendable {
  /// By the label's name.
  case emotion
  /// By who speaks.
  case speaker
  /// By dialogue; one of each bundle and model that has one of that name.
  case dialogue
  /// By the model that labelled them.
  case model
  /// By the day on which their bundle was scored, local time.
  case day
}

/// The utterances of one emotion, speaker, dialogue, model or day that a query finds.
public struct UtteranceGroup: Sendable {
  /// The emotion, the speaker, the dialogue, the model's name, or the day as `2026-11-22`.
  public let name: String
  /// The bundle of a dialogue; nil for other groups.
  public let bundle: IndexedBundle?
  /// The digest of a model; nil for other groups.
  public let modelDigest: String?
  /// How many there are.
  public let utterances: Int
  /// How many there are in all groups together.
  public let total: Int
  /// What else is known of them; nil where only counts were asked for.
  public let figures: UtteranceFigures?

  /// The group's part of all utterances, 0 to 1.
  public var share: Double { Double(utterances) / Double(max(1, total)) }
}

/// What some utterances come to.
public struct UtteranceFigures: Sendable, Hashable {
  /// Dialogues that they are in, those of each scoring for themselves.
  public let dialogues: Int
  /// Scored bundles that they are in.
  public let bundles: Int
  /// Speakers that they are of.
  public let speakers: Int
  /// Mean probability of the labels; nil where no utterance has one.
  public let meanConfidence: Double?
  /// Labels that their model calls uncertain; nil where no model says so of any.
  public let uncertain: Int?
  /// Where the first begins, in seconds from the start of the recording; meant for dialogues.
  public let start: Double?
  /// Where the last ends, likewise.
  public let end: Double?
  /// When the first of their bundles was scored; nil where there is no utterance.
  public let firstScored: Date?
  /// When the last of their bundles was scored, likewise.
  public let lastScored: Date?
  /// How many have each label; those that none has are missing.
  public let emotions: [String: Int]
}

/// The order of groups.
public struct GroupOrder: Sendable, Hashable {
  /// What groups can be sorted by.
  public enum Field: String, CaseIterable, Sendable {
    /// How many utterances there are.
    case utterances
    /// The group's name.
    case name
    /// The mean confidence; groups without one come last in either direction.
    case confidence
    /// When the last of the bundles was scored; dialogues of one bundle keep its order.
    case time
  }

  /// What to sort by; equal ones follow by name.
  public var field: Field
  /// The largest or latest first.
  public var descending: Bool

  /// An order by one field.
  public init(_ field: Field, descending: Bool = false) {
    self.field = field
    self.descending = descending
  }
}
