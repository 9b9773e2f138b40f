import Foundation

/// A person's word on what was felt in one utterance.
///
/// One rule says what the true emotion of an utterance is: the last correction, else the bundle's own label. The last one is
/// that of the latest `at`; of one moment, that which came in the later file and line. The model's label is another thing,
/// which no correction changes.
public struct Correction: Sendable, Hashable {
  /// SHA-256 of the bundle's bytes.
  public var bundleDigest: String
  /// The dialogue's id.
  public var dialogue: String
  /// The utterance's id.
  public var utterance: String
  /// What was felt; nil where earlier corrections are withdrawn, and the bundle's own label counts again.
  public var emotion: String?
  /// Who says so, by their own word.
  public var by: String
  /// When they said so.
  public var at: Date
  /// The user of the system whose file it came in.
  public var account: String
  /// When the daemon took it.
  public var taken: Date

  /// A correction of its parts.
  public init(
    bundleDigest: String, dialogue: String, utterance: String, emotion: String?, by: String, at: Date, account: String,
    taken: Date
  ) {
    self.bundleDigest = bundleDigest
    self.dialogue = dialogue
    self.utterance = utterance
    self.emotion = emotion
    self.by = by
    self.at = at
    self.account = account
    self.taken = taken
  }

  /// Which utterance of which bundle is meant, whatever model has labelled it.
  public struct Target: Sendable, Hashable {
    /// SHA-256 of the bundle's bytes.
    public let bundleDigest: String
    /// The dialogue's id.
    public let dialogue: String
    /// The utterance's id.
    public let utterance: String

    /// A target of its parts.
    public init(bundleDigest: String, dialogue: String, utterance: String) {
      self.bundleDigest = bundleDigest
      self.dialogue = dialogue
      self.utterance = utterance
    }
  }

  /// Which utterance is meant.
  public var target: Target { Target(bundleDigest: bundleDigest, dialogue: dialogue, utterance: utterance) }
}

/// A correction as somebody wrote it, which may leave out what follows from the rest.
public struct CorrectionRequest: Sendable, Hashable {
  /// The line of the file, from 1; 0 where it stands in none.
  public var line: Int
  /// SHA-256 of the bundle, or its first eight or more digits; nil where the dialogue's name is enough.
  public var bundleDigest: String?
  /// The dialogue's id.
  public var dialogue: String
  /// The utterance's id, or its position in the dialogue, from 0.
  public var utterance: String
  /// What was felt, by a name that the models or the bundles know; nil withdraws earlier corrections.
  public var emotion: String?
  /// Who says so; nil: the user whose file it is.
  public var by: String?
  /// When they said so; nil: when the file was written.
  public var at: Date?

  /// A request of its parts.
  public init(
    line: Int = 0, bundleDigest: String? = nil, dialogue: String, utterance: String, emotion: String?,
    by: String? = nil, at: Date? = nil
  ) {
    self.line = line
    self.bundleDigest = bundleDigest
    self.dialogue = dialogue
    self.utterance = utterance
    self.emotion = emotion
    self.by = by
    self.at = at
  }
}
