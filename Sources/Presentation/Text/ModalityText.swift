import DialogueDomain

extension Modality {
  /// As people who know no model call it: `words`.
  public var plainName: String {
    switch self {
    case .text: "words"
    case .visual: "picture"
    case .audio: "sound"
    }
  }

  /// The same in a sentence: `the words`.
  public var plainWords: String { "the \(plainName)" }
}
