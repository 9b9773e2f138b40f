import DialogueDomain
import Foundation

/// One scoring of one bundle, as the index holds it.
public final class IndexedBundle: Sendable {
  /// The row's number in this index; it means nothing elsewhere.
  public let id: Int64
  /// The bundle's file name.
  public let name: String
  /// The file name, with the digest's beginning where bundles of other bytes share it: `friday.h5 (1a2b3c4d)`.
  public let title: String
  /// SHA-256 of the bundle file.
  public let digest: String
  public let modelName: String
  public let modelDigest: String
  /// The model's classes, in the order of every probabilities and logits row.
  public let emotions: EmotionSet
  /// False where another model's scoring of the same bytes has superseded this one.
  public let isCurrent: Bool
  public let arrived: Date
  public let scored: Date
  /// Time spent on reading and scoring.
  public let seconds: Double
  public let byteCount: Int
  /// Where the labels lie, relative to the spool.
  public let labelFile: String
  public let dialogues: Int
  public let utterances: Int
  /// Utterances whose true emotion is known.
  public let labelled: Int
  /// How often each class was the truth in the model's training data, where the model says so.
  public let trainingLabels: [Int]?

  init(
    id: Int64, name: String, title: String, digest: String, modelName: String, modelDigest: String,
    emotions: EmotionSet, isCurrent: Bool, arrived: Date, scored: Date, seconds: Double, byteCount: Int,
    labelFile: String, dialogues: Int, utterances: Int, labelled: Int, trainingLabels: [Int]?
  ) {
    self.id = id
    self.name = name
    self.title = title
    self.digest = digest
    self.modelName = modelName
    self.modelDigest = modelDigest
    self.emotions = emotions
    self.isCurrent = isCurrent
    self.arrived = arrived
    self.scored = scored
    self.seconds = seconds
    self.byteCount = byteCount
    self.labelFile = labelFile
    self.dialogues = dialogues
    self.utterances = utterances
    self.labelled = labelled
    self.trainingLabels = trainingLabels
  }
}
