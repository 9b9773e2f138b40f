/// One turn of speech: who spoke, when, and, where a person has said so, what was felt.
public struct Utterance: Sendable, Hashable {
  /// Unique within the dialogue; `"<dialogue>#<n>"` where the bundle names none.
  public var id: String
  /// The speaker's name, scoped to the dialogue.
  public var speaker: String
  /// Seconds from the start of the recording.
  public var start: Double?
  /// Seconds from the start of the recording.
  public var end: Double?
  /// Ground truth as an index into the bundle's emotions; nil where unknown.
  public var label: Int?

  public init(id: String, speaker: String, start: Double? = nil, end: Double? = nil, label: Int? = nil) {
    self.id = id
    self.speaker = speaker
    self.start = start
    self.end = end
    self.label = label
  }
}
