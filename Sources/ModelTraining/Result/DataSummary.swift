import DialogueDomain

/// What a data set is called and holds, for a model's papers.
public struct DataSummary: Sendable, Hashable {
  /// The bundle's own name for it.
  public let dataset: String?
  /// How many dialogues.
  public let dialogues: Int
  /// How many utterances.
  public let utterances: Int
  /// Labelled rows of each class.
  public let classCounts: [Int]
  /// SHA-256 over the content.
  public let digest: String

  init(_ data: TrainingData, digest: String) {
    dataset = data.bundle.dataset
    dialogues = data.bundle.dialogues.count
    utterances = data.bundle.utterances.count
    classCounts = data.classCounts
    self.digest = digest
  }
}
