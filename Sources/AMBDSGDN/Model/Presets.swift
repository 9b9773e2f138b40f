import DialogueDomain

/// The published network sizes.
public enum Preset: String, CaseIterable, Sendable {
  case iemocap
  case meld

  /// The configuration behind the published numbers: text 1024 (RoBERTa), visual 342, audio 1582 or 300.
  public var configuration: ModelConfiguration {
    switch self {
    case .iemocap:
      ModelConfiguration(
        name: "iemocap", emotions: EmotionSet(["happy", "sad", "neutral", "angry", "excited", "frustrated"]),
        modalities: Self.modalities(audio: 1582), hidden: 512, window: 20, speakers: 2, speakerSlots: ["M": 0, "F": 1])
    case .meld:
      ModelConfiguration(
        name: "meld", emotions: EmotionSet(["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"]),
        modalities: Self.modalities(audio: 300), hidden: 512, window: 6, speakers: 9)
    }
  }

  private static func modalities(audio: Int) -> [Modality: ModalityConfiguration] {
    [
      .text: ModalityConfiguration(width: 1024, extractor: "roberta-large/1024"),
      .visual: ModalityConfiguration(width: 342, extractor: "densenet/342"),
      .audio: ModalityConfiguration(width: audio, extractor: "opensmile/\(audio)"),
    ]
  }
}
