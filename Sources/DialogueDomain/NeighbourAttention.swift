/// Which of a dialogue's utterances a graph joins.
public enum SpeakerGraph: String, Codable, CaseIterable, Sendable {
  /// An utterance with those of other speakers, and with itself.
  case otherSpeakers = "other_speakers"
  /// An utterance with those of its own speaker, and with itself.
  case ownSpeaker = "own_speaker"
}

/// A layer of a graph network: several heads side by side, then one layer that joins them.
public enum AttentionLayer: Codable, Hashable, Sendable {
  /// One of the heads of the first layer, from 0.
  case head(Int)
  /// The second layer.
  case joining

  /// What programs call it: `head_1`, `joining`.
  public var name: String {
    switch self {
    case .head(let number): "head_\(number + 1)"
    case .joining: "joining"
    }
  }

  /// The layer of a name; nil where none has it.
  public init?(name: String) {
    if name == "joining" {
      self = .joining
    } else if name.hasPrefix("head_"), let number = Int(name.dropFirst(5)), number > 0 {
      self = .head(number - 1)
    } else {
      return nil
    }
  }

  /// Reads the name.
  ///
  /// - Throws: `DecodingError` where no layer is called so.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let layer = Self(name: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no layer is called so")
    }
    self = layer
  }

  /// Writes the name.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

/// How one utterance stands to another in a dialogue, as the graphs tell them apart.
public enum NeighbourRelation: String, Codable, Sendable {
  /// An utterance and itself.
  case itself
  /// Two utterances of one speaker.
  case sameSpeaker = "same_speaker"
  /// Utterances of two speakers.
  case otherSpeaker = "other_speaker"
}

/// How much an utterance listened to another in one graph of one branch.
public struct NeighbourAttention: Codable, Sendable, Equatable {
  /// The branch.
  public var modality: Modality
  /// The graph.
  public var graph: SpeakerGraph
  /// Whom it listened to: the position in the dialogue, from 0.
  public var turn: Int
  /// How the two stand to each other.
  public var relation: NeighbourRelation
  /// The mean over the two layers, the heads of the first counting as one.
  public var mean: AttentionWeights
  /// Layer by layer; nil where only the mean was asked for.
  public var layers: [LayerWeights]?

  /// What one layer gave.
  public struct LayerWeights: Codable, Sendable, Equatable {
    /// The layer.
    public var layer: AttentionLayer
    /// Its weights.
    public var weights: AttentionWeights

    /// The weights of a layer.
    public init(layer: AttentionLayer, weights: AttentionWeights) {
      self.layer = layer
      self.weights = weights
    }
  }

  /// The attention of an utterance to a neighbour.
  public init(
    modality: Modality, graph: SpeakerGraph, turn: Int, relation: NeighbourRelation, mean: AttentionWeights,
    layers: [LayerWeights]? = nil
  ) {
    self.modality = modality
    self.graph = graph
    self.turn = turn
    self.relation = relation
    self.mean = mean
    self.layers = layers
  }
}

/// The terms of differential attention for one pair of utterances: α = α⁺ − λ α⁻ (Eqns 9–17).
public struct AttentionWeights: Codable, Sendable, Equatable {
  /// α⁺, from 0 to 1: over an utterance's neighbours in a graph it sums to 1.
  public var attended: Double
  /// λ α⁻, what is taken off again: it sums to λ.
  public var cancelled: Double
  /// α, what is left: it sums to 1 − λ, and may be below 0.
  public var left: Double

  /// Three terms that belong together.
  public init(attended: Double, cancelled: Double, left: Double) {
    self.attended = attended
    self.cancelled = cancelled
    self.left = left
  }

  /// The mean, term by term; zeros where there is none.
  public static func mean(_ terms: [AttentionWeights]) -> AttentionWeights {
    let share = 1 / Double(max(terms.count, 1))
    return AttentionWeights(
      attended: terms.reduce(0) { $0 + $1.attended } * share, cancelled: terms.reduce(0) { $0 + $1.cancelled } * share,
      left: terms.reduce(0) { $0 + $1.left } * share)
  }
}

/// Which neighbours to tell of: those that an utterance listened to, and those that it cancelled.
///
/// Of a neighbour more than its part was taken where λ α⁻ > r α⁺, r being the share that was taken of all of them. Where
/// that is less than a quarter of what was looked at, as with a λ near zero, nothing worth telling was cancelled.
public struct NeighbourChoice: Sendable, Equatable {
  /// Those of whom most is left, the most first.
  public var listened: [NeighbourAttention]
  /// Others of whom more than their part was taken, the most first.
  public var cancelled: [NeighbourAttention]

  private static let leastTaken = 0.25

  /// - Parameters:
  ///   - neighbours: of one graph, or of both.
  ///   - listened: at most so many.
  ///   - cancelled: at most so many.
  public init(_ neighbours: [NeighbourAttention], listened most: Int = 3, cancelled mostCancelled: Int = 2) {
    let all = AttentionWeights.mean(neighbours.map(\.mean))
    let share = all.attended > 0 ? all.cancelled / all.attended : 0
    func excess(_ one: NeighbourAttention) -> Double {
      let weights = one.mean
      return weights.cancelled < Self.leastTaken * weights.attended ? 0 : weights.cancelled - share * weights.attended
    }
    func ranked(_ value: (NeighbourAttention) -> Double) -> [NeighbourAttention] {
      let values = neighbours.map { (one: $0, value: value($0)) }.filter { $0.value > 0 }
      return values.sorted { ($1.value, $0.one.turn) < ($0.value, $1.one.turn) }.map(\.one)
    }
    let listened = Array(ranked { $0.mean.left }.prefix(most))
    self.listened = listened
    cancelled = Array(
      ranked(excess)
        .filter { one in !listened.contains { $0.turn == one.turn } }.prefix(mostCancelled))
  }
}
