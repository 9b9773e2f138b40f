/// One bundle scored by one model: the value that label writers and the index take.
public struct ScoredBundle: Sendable {
  /// The bundle's file name, such as `friday.h5`.
  public var name: String
  /// SHA-256 of the bundle file, lower-case hexadecimal.
  public var digest: String
  /// The name that the model gives itself.
  public var modelName: String
  /// SHA-256 over the model's configuration and tensors, lower-case hexadecimal.
  public var modelDigest: String
  /// The model's classes, in the order of every `probabilities` and logits row.
  public var emotions: EmotionSet
  /// How often each class was the truth in the model's training data, where the model says so.
  public var trainingLabels: [Int]?
  /// What the model promises of its doubt, where it promises anything.
  public var promise: DoubtPromise?
  /// In bundle order: dialogue by dialogue, turn by turn.
  public var utterances: [ScoredUtterance]

  /// A bundle with the labels that a model gave it.
  public init(
    name: String, digest: String, modelName: String, modelDigest: String, emotions: EmotionSet,
    trainingLabels: [Int]? = nil, promise: DoubtPromise? = nil, utterances: [ScoredUtterance]
  ) {
    self.name = name
    self.digest = digest
    self.modelName = modelName
    self.modelDigest = modelDigest
    self.emotions = emotions
    self.trainingLabels = trainingLabels
    self.promise = promise
    self.utterances = utterances
  }
}

/// One utterance with its label and everything that explains the label.
public struct ScoredUtterance: Sendable, Hashable {
  /// The label of an utterance that lacks every modality of the model: nothing can be said of it.
  public static let unknownEmotion = "unknown"

  /// The dialogue's id.
  public var dialogue: String
  /// The utterance's id, unique in its dialogue.
  public var utterance: String
  /// Position in its dialogue, from 0.
  public var turn: Int
  /// The speaker's name, scoped to the dialogue.
  public var speaker: String
  /// Seconds from the start of the recording.
  public var start: Double?
  /// Seconds from the start of the recording.
  public var end: Double?
  /// Name of the most probable class.
  public var emotion: String
  /// Probability of `emotion`.
  public var confidence: Double
  /// Softmax of the fused logits (Eqn 30), in the model's class order.
  public var probabilities: [Float]
  /// Each branch's logits before fusion (Eqn 28); a modality that the utterance lacks has no entry.
  public var branchLogits: [Modality: [Float]]
  /// How much of the label's centred logit each modality brought: non-negative, summing to 1.
  public var shares: [Modality: Double]
  /// The smallest shift of fusion weight between modalities that changes the label; nil where none does.
  public var margin: Double?
  /// Share of perturbed runs that keep the label; nil where no noise probe ran.
  public var stability: Double?
  /// Whether the label is less sure than the model's limit; nil where the model has none.
  public var isUncertain: Bool?
  /// The classes of the label's conformal set, in class order; nil where the model makes none.
  public var labelSet: [Int]?
  /// The bundle's own label, where it has one.
  public var truth: String?
  /// The words, for people; nil where the bundle does not tell them.
  public var text: String?

  /// The branches' logits added (Eqn 29).
  public var logits: [Float] { Self.fused(branchLogits, classes: probabilities.count) }

  /// Branches' logits added in the order t, v, a (Eqn 29), [C]; zeros where there is no branch.
  public static func fused(_ branchLogits: [Modality: [Float]], classes: Int) -> [Float] {
    branchLogits.sorted { $0.key < $1.key }.reduce([Float](repeating: 0, count: classes)) { zip($0, $1.value).map(+) }
  }

  /// An utterance with its label.
  public init(
    dialogue: String, utterance: String, turn: Int, speaker: String, start: Double? = nil, end: Double? = nil,
    emotion: String, confidence: Double, probabilities: [Float], branchLogits: [Modality: [Float]],
    shares: [Modality: Double], margin: Double? = nil, stability: Double? = nil,
    isUncertain: Bool? = nil, labelSet: [Int]? = nil, truth: String? = nil, text: String? = nil
  ) {
    self.dialogue = dialogue
    self.utterance = utterance
    self.turn = turn
    self.speaker = speaker
    self.start = start
    self.end = end
    self.emotion = emotion
    self.confidence = confidence
    self.probabilities = probabilities
    self.branchLogits = branchLogits
    self.shares = shares
    self.margin = margin
    self.stability = stability
    self.isUncertain = isUncertain
    self.labelSet = labelSet
    self.truth = truth
    self.text = text
  }
}

/// How the labels of a bundle are laid out in the `labels` folder.
public enum LabelLayout: String, CaseIterable, Codable, Sendable {
  /// One tab-separated table per bundle, `<bundle>.tsv`.
  case tsv
  /// One JSON object per line and utterance, `<bundle>.jsonl`.
  case jsonl
  /// One JSON file per utterance, `<bundle>/<dialogue>/<utterance>.json`.
  case utterance
}
