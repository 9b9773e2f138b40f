/// How the labels of one dialogue came about, as the model that made them tells when it is run once more.
///
/// `ambd explain` writes it as JSON, `ambq why` and the dialogue pages read it.
public struct DialogueExplanation: Codable, Sendable, Equatable {
  /// What `version` means; it rises when a member changes its meaning.
  public static let currentVersion = 1

  /// `currentVersion` of the program that wrote it.
  public var version: Int
  /// The name that the model gives itself.
  public var model: String
  /// SHA-256 of the model's weights and configuration.
  public var modelDigest: String
  /// Networks in the model: every figure is the mean over them.
  public var members: Int
  /// SHA-256 of the bundle's file.
  public var bundleDigest: String
  /// The dialogue's id.
  public var dialogue: String
  /// The classes, in the order of `probabilities` and `branchLogits`.
  public var emotions: EmotionSet
  /// How many turns before and after its own an utterance listens to.
  public var window: Int
  /// λ of every layer.
  public var lambdas: [LayerLambda]
  /// Turn by turn; only the one that was asked for where one was.
  public var utterances: [UtteranceExplanation]

  /// An explanation of its parts.
  public init(
    model: String, modelDigest: String, members: Int, bundleDigest: String, dialogue: String, emotions: EmotionSet,
    window: Int, lambdas: [LayerLambda], utterances: [UtteranceExplanation]
  ) {
    version = Self.currentVersion
    self.model = model
    self.modelDigest = modelDigest
    self.members = members
    self.bundleDigest = bundleDigest
    self.dialogue = dialogue
    self.emotions = emotions
    self.window = window
    self.lambdas = lambdas
    self.utterances = utterances
  }
}

/// λ of one layer: how much of the second attention is taken from the first.
public struct LayerLambda: Codable, Sendable, Equatable {
  /// The branch.
  public var modality: Modality
  /// The graph.
  public var graph: SpeakerGraph
  /// The layer.
  public var layer: AttentionLayer
  /// Mean over the model's networks; 0 in a layer that subtracts nothing.
  public var lambda: Double

  /// The factor of a layer.
  public init(modality: Modality, graph: SpeakerGraph, layer: AttentionLayer, lambda: Double) {
    self.modality = modality
    self.graph = graph
    self.layer = layer
    self.lambda = lambda
  }
}

/// One utterance's label and what it rests on.
public struct UtteranceExplanation: Codable, Sendable, Equatable {
  /// Position in its dialogue, from 0.
  public var turn: Int
  /// As in the bundle.
  public var speaker: String
  /// The label's name; `unknown` where the utterance lacks every modality.
  public var emotion: String
  /// Probability of `emotion`; 0 where there is no label.
  public var confidence: Double
  /// Of every class.
  public var probabilities: [Float]
  /// Each branch's logits before fusion; a modality that the utterance lacks has no entry.
  public var branchLogits: [Modality: [Float]]
  /// How much of the label's centred logit each modality brought.
  public var shares: [Modality: Double]
  /// The smallest shift of fusion weight that changes the label; nil where none does.
  public var margin: Double?
  /// What the others make of the utterance without a modality; empty where it has one only.
  public var without: [Modality: LabelWithout]
  /// Whom the utterance listened to, branch by branch and graph by graph, in the order of turns.
  public var neighbours: [NeighbourAttention]

  /// An explanation of its parts.
  public init(
    _ scored: ScoredUtterance, without: [Modality: LabelWithout], neighbours: [NeighbourAttention]
  ) {
    turn = scored.turn
    speaker = scored.speaker
    emotion = scored.emotion
    confidence = scored.confidence
    probabilities = scored.probabilities
    branchLogits = scored.branchLogits
    shares = scored.shares
    margin = scored.margin
    self.without = without
    self.neighbours = neighbours
  }
}

/// The label that the other branches give without one: exact, since branches meet only where their logits are added.
public struct LabelWithout: Codable, Sendable, Equatable {
  /// The label's name.
  public var emotion: String
  /// Its probability.
  public var confidence: Double

  /// A label and its probability.
  public init(emotion: String, confidence: Double) {
    self.emotion = emotion
    self.confidence = confidence
  }
}
