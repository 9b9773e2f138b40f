/// One bundle scored by one model: the value that label writers and the index take.
public struct ScoredBundle: Sendable {
  /// The bundle's file name, such as `friday.h5`.
  public var name: String
  /// SHA-256 of the bundle file, lower-case hexadecimal.
  public var digest: String
  public var modelName: String
  /// SHA-256 over the model's configuration and tensors, lower-case hexadecimal.
  public var modelDigest: String
  /// The model's classes, in the order of every `probabilities` and logits row.
  public var emotions: EmotionSet
  /// How often each class was the truth in the model's training data, where the model says so.
  public var trainingLabels: [Int]?
  /// In bundle order: dialogue by dialogue, turn by turn.
  public var utterances: [ScoredUtterance]

  public init(
    name: String, digest: String, modelName: String, modelDigest: String, emotions: EmotionSet,
    trainingLabels: [Int]? = nil, utterances: [ScoredUtterance]
  ) {
    self.name = name
    self.digest = digest
    self.modelName = modelName
    self.modelDigest = modelDigest
    self.emotions = emotions
    self.trainingLabels = trainingLabels
    self.utterances = utterances
  }
}
