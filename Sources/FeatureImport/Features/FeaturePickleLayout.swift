import DialogueDomain

/// The feature pickles that this literature passes around, told apart by element count and by how speakers are written.
public enum FeaturePickleLayout: String, Sendable, CaseIterable {
  /// IEMOCAP with RoBERTa text features.
  case iemocapMultimodal = "iemocap_multimodal_features"
  /// MELD with RoBERTa text features.
  case meldMultimodal = "meld_multimodal_features"
  /// IEMOCAP as DialogueRNN and MMGCN published it.
  case iemocap = "IEMOCAP_features"
  /// MELD as MMGCN published it.
  case meldRaw = "MELD_features_raw1"

  /// What an element of the tuple holds.
  enum Role: String {
    case utteranceIDs = "utterance identifiers"
    case speakers
    case labels
    case text = "text features"
    case audio = "audio features"
    case visual = "visual features"
    case training = "the dialogues to train on"
    case test = "the dialogues to test on"
    /// Read past: further text features, sentences, sentiment.
    case unused
  }

  /// How a data set writes speakers.
  enum SpeakerStyle {
    /// One letter per utterance.
    case letters
    /// One row of nine per utterance, with a 1 at the speaker's place.
    case oneHot
  }

  private static let plain: [Role] = [
    .utteranceIDs, .speakers, .labels, .text, .audio, .visual, .unused, .training, .test,
  ]
  private static let roberta: [Role] = [
    .utteranceIDs, .speakers, .labels, .text, .unused, .unused, .unused, .audio, .visual, .unused, .training, .test,
  ]

  /// The layout of a pickle and what its elements hold; nil where it is none of these.
  static func layout(count: Int, speakers: SpeakerStyle) -> (FeaturePickleLayout, [Role])? {
    switch (count, speakers) {
    case (12, .letters): (.iemocapMultimodal, roberta)
    case (13, .oneHot): (.meldMultimodal, roberta + [.unused])
    case (9, .letters): (.iemocap, plain)
    case (10, .oneHot): (.meldRaw, plain + [.unused])
    case (12, .oneHot): (.meldRaw, roberta)
    default: nil
    }
  }

  /// The data set.
  public var dataset: String {
    switch self {
    case .iemocapMultimodal, .iemocap: "IEMOCAP"
    case .meldMultimodal, .meldRaw: "MELD"
    }
  }

  /// The classes in the order that the labels count them.
  public var emotions: EmotionSet {
    switch self {
    case .iemocapMultimodal, .iemocap: EmotionSet(["happy", "sad", "neutral", "angry", "excited", "frustrated"])
    case .meldMultimodal, .meldRaw:
      EmotionSet(["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"])
    }
  }
}
