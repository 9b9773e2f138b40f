import DialogueDomain

/// What version 1 of the dialogue feature bundle fixes by name; dialogue-bundle(5) is its description.
public enum BundleFormat {
  /// The root attribute `format`.
  public static let name = "dialogue-feature-bundle"
  /// The root attribute `version`.
  public static let version: Int64 = 1
  /// Bytes of UTF-8 that an id, a speaker or any other name may have.
  public static let longestName = 1024
  /// Names that the attribute `emotions` may hold.
  static let mostEmotions = 1024

  enum Path {
    static let dialogueID = "/dialogue/id"
    static let offset = "/dialogue/offset"
    static let speaker = "/speaker"
    static let utteranceID = "/utterance/id"
    static let start = "/utterance/start"
    static let end = "/utterance/end"
    static let label = "/label"

    static func features(_ modality: Modality) -> String { "/\(modality.rawValue)" }
  }

  enum Attribute {
    static let format = "format"
    static let version = "version"
    static let dataset = "dataset"
    static let emotions = "emotions"

    static func extractor(_ modality: Modality) -> String { "\(modality.rawValue)_extractor" }
  }
}
