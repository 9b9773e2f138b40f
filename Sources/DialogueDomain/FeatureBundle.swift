/// The content of one dialogue feature bundle, checked: dialogues, their utterances and each modality's features.
public struct FeatureBundle: Sendable {
  /// Name of the data set the bundle was cut from, where it says so.
  public var dataset: String?
  /// The program and settings that made each modality's features, such as `all-MiniLM-L6-v2/384`.
  public var extractors: [Modality: String]
  /// The classes that `Utterance.label` refers to; nil where the bundle carries no labels.
  public var emotions: EmotionSet?
  public var dialogues: [Dialogue]
  /// One per row, in row order.
  public var utterances: [Utterance]
  /// A modality that the bundle lacks has no entry.
  public var features: [Modality: FeatureTable]

  public init(
    dataset: String? = nil, extractors: [Modality: String] = [:], emotions: EmotionSet? = nil,
    dialogues: [Dialogue], utterances: [Utterance], features: [Modality: FeatureTable]
  ) {
    self.dataset = dataset
    self.extractors = extractors
    self.emotions = emotions
    self.dialogues = dialogues
    self.utterances = utterances
    self.features = features
  }
}
