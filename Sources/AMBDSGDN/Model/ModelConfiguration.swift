import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem

/// What one modality's branch expects and how its features scatter.
public struct ModalityConfiguration: Sendable, Hashable, Codable {
  /// Elements per feature vector, D_m.
  public var width: Int
  /// The program and settings whose features the branch was trained on.
  public var extractor: String?
  /// Overall feature standard deviation on the training data, in the units that enter the projection; the noise
  /// probe's unit.
  public var noiseDeviation: Double?

  /// A modality of so many features per utterance.
  public init(width: Int, extractor: String? = nil, noiseDeviation: Double? = nil) {
    self.width = width
    self.extractor = extractor
    self.noiseDeviation = noiseDeviation
  }

  enum CodingKeys: String, CodingKey {
    case width
    case extractor
    case noiseDeviation = "noise_deviation"
  }
}

/// A model's `config.json`, version 1: the network's sizes, its classes and inputs, and where it came from.
public struct ModelConfiguration: Sendable, Hashable {
  /// What the model is called.
  public var name: String
  /// The classes, in the order of the logits.
  public var emotions: EmotionSet
  /// The modalities that the model reads, with their widths.
  public var modalities: [Modality: ModalityConfiguration]
  /// Hidden size d.
  public var hidden: Int
  /// Heads of the encoder's self-attention, h; d_k = d / h.
  public var encoderHeads: Int
  /// Transformer layers of each branch's encoder.
  public var encoderLayers: Int
  /// First-stage heads of each DiffRGCN.
  public var graphHeads: Int
  /// What the graph networks are; anything but `differential` serves comparisons.
  public var graphs: GraphKind
  /// Neighbours to either side that the graphs reach, w.
  public var window: Int
  /// Speaker slots; the embedding has one more row, for padding.
  public var speakers: Int
  /// Slots fixed by speaker name; nil where slots go by order of appearance.
  public var speakerSlots: [String: Int]?
  /// Networks whose logits are averaged; 1 unless the model is a set.
  public var members = 1
  /// Divides the fused logits before the softmax.
  public var temperature: Double
  /// When a label is uncertain and which classes its set holds; nil where nothing was held out to tell.
  public var doubt: DoubtRule?
  /// Where the model came from; free form.
  public var training: JSONValue?
  /// Keys this version does not know, kept as they were.
  public var others: [String: JSONValue]

  /// A configuration of its parts, with the published defaults.
  public init(
    name: String, emotions: EmotionSet, modalities: [Modality: ModalityConfiguration], hidden: Int,
    encoderHeads: Int = 8, encoderLayers: Int = 1, graphHeads: Int = 2, graphs: GraphKind = .differential, window: Int,
    speakers: Int, speakerSlots: [String: Int]? = nil, temperature: Double = 1, training: JSONValue? = nil,
    others: [String: JSONValue] = [:]
  ) {
    self.name = name
    self.emotions = emotions
    self.modalities = modalities
    self.hidden = hidden
    self.encoderHeads = encoderHeads
    self.encoderLayers = encoderLayers
    self.graphHeads = graphHeads
    self.graphs = graphs
    self.window = window
    self.speakers = speakers
    self.speakerSlots = speakerSlots
    self.temperature = temperature
    self.training = training
    self.others = others
  }

  /// The modalities of the model in the order t, v, a.
  public var modalityOrder: [Modality] { modalities.keys.sorted() }

  /// `509006 weights`, of a set `5 × 509006 weights`: how large the model is, in words.
  public var sizeInWords: String { (members == 1 ? "" : "\(members) × ") + "\(parameterCount) weights" }

  /// How often each class was the truth in the training data: `training.label_counts`, where it fits the classes.
  public var trainingLabels: [Int]? {
    guard case .object(let training) = training, case .array(let counts) = training["label_counts"] else { return nil }
    let numbers = counts.compactMap { count -> Int? in
      if case .integer(let number) = count, number >= 0 { number } else { nil }
    }
    return numbers.count == emotions.count && counts.count == emotions.count ? numbers : nil
  }

  /// The feature deviation that noise of level 1 has, in the units that enter the projection.
  ///
  /// Models that do not say are taken to have been trained on features of deviation 1, as standardised ones are.
  public func noiseDeviation(_ modality: Modality) -> Double {
    modalities[modality]?.noiseDeviation ?? 1
  }

  /// What a model file calls a member's tensor: `members.0.fc_v.weight` where the model is a set.
  func fileName(of tensor: String, member: Int) -> String {
    members == 1 ? tensor : "members.\(member).\(tensor)"
  }

  /// Audio and visual branches pass through the encoder; text goes straight to the graphs.
  public static func hasEncoder(_ modality: Modality) -> Bool { modality != .text }
}
