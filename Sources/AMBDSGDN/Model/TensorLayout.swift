import DialogueDomain

/// One tensor of a model: its published name, its shape in files, how it is initialised and how it is held.
public struct TensorLayout: Sendable, Hashable {
  /// What a tensor holds before training, after the published code.
  public enum Initialisation: Sendable, Hashable {
    /// Uniform within ±1/√fan-in: PyTorch's Linear, weight and bias alike.
    case linear(fanIn: Int)
    /// Uniform within ±gain √(6 / (fan-in + fan-out)), gain 1.414.
    case xavier
    /// Normal draws of mean 0.
    case normal(deviation: Float)
    /// One value throughout.
    case constant(Float)
  }

  /// The name in the published state_dict.
  public let name: String
  /// The shape in files: Linear weights are [out, in], graph weights [in, out].
  public let shape: [Int]
  /// What a new parameter holds before training.
  public let initialisation: Initialisation
  /// Linear weights are held transposed, as [in, out].
  let isTransposed: Bool

  /// - Parameters:
  ///   - name: as files call it.
  ///   - shape: in files.
  ///   - initialisation: what it holds before training.
  ///   - transposed: whether the file holds the matrix as [out, in].
  public init(_ name: String, _ shape: [Int], _ initialisation: Initialisation, transposed: Bool = false) {
    self.name = name
    self.shape = shape
    self.initialisation = initialisation
    isTransposed = transposed
  }

  /// Elements in all.
  public var count: Int { shape.reduce(1, *) }

  /// Rows and columns as held: vectors are one row.
  var heldShape: (rows: Int, columns: Int) {
    guard shape.count == 2 else { return (1, count) }
    return isTransposed ? (shape[1], shape[0]) : (shape[0], shape[1])
  }
}

extension ModelConfiguration {
  /// Every trained tensor, in the order of the published state_dict.
  public var tensors: [TensorLayout] {
    // The order of the published file, which is not t, v, a throughout.
    let fileOrder = [Modality.text, .audio, .visual].filter { modalities[$0] != nil }
    let encoded = fileOrder.filter(Self.hasEncoder)
    var tensors: [TensorLayout] = []
    if !encoded.isEmpty {
      tensors.append(TensorLayout(TensorNames.speakerEmbedding, [speakers + 1, hidden], .normal(deviation: 1)))
    }
    for modality in fileOrder {
      tensors += linear(TensorNames.projection(modality), modalities[modality]?.width ?? 0, hidden)
    }
    for modality in encoded {
      for layer in 0..<encoderLayers {
        tensors += encoderLayer("\(TensorNames.encoder(modality)).transformer_inter.\(layer)")
      }
    }
    for modality in encoded { tensors += linear(TensorNames.gate(modality), hidden, hidden) }
    for modality in fileOrder {
      tensors += graphNetwork(TensorNames.interSpeakerGraph(modality))
      tensors += graphNetwork(TensorNames.intraSpeakerGraph(modality))
    }
    for modality in fileOrder { tensors += linear(TensorNames.head(modality), hidden, emotions.count) }
    return tensors
  }

  /// Number of trained weights of one network.
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }

  private func linear(_ name: String, _ input: Int, _ output: Int) -> [TensorLayout] {
    [
      TensorLayout("\(name).weight", [output, input], .linear(fanIn: input), transposed: true),
      TensorLayout("\(name).bias", [output], .linear(fanIn: input)),
    ]
  }

  private func layerNorm(_ name: String, _ width: Int) -> [TensorLayout] {
    [
      TensorLayout("\(name).layer_norm.weight", [width], .constant(1)),
      TensorLayout("\(name).layer_norm.bias", [width], .constant(0)),
    ]
  }

  private func encoderLayer(_ name: String) -> [TensorLayout] {
    ["k", "v", "q"].flatMap { linear("\(name).self_attn.linear_\($0)", hidden, hidden) }
      + linear("\(name).self_attn.linear", hidden, hidden)
      + linear("\(name).feed_forward.w_1", hidden, hidden) + linear("\(name).feed_forward.w_2", hidden, hidden)
      + layerNorm("\(name).feed_forward", hidden) + layerNorm(name, hidden)
  }

  /// A DiffRGCN: its heads, the layer that joins them, a linear layer and a norm.
  private func graphNetwork(_ name: String) -> [TensorLayout] {
    guard graphs != .none else { return [] }
    return (0..<graphHeads).flatMap { attentionLayer("\(name).attention_\($0)", input: hidden) }
      + attentionLayer("\(name).out_att", input: graphHeads * hidden) + linear("\(name).fc", hidden, hidden)
      + layerNorm(name, hidden)
  }

  private func attentionLayer(_ name: String, input: Int) -> [TensorLayout] {
    let isDifferential = graphs == .differential
    let signs = isDifferential ? ["pos", "neg"] : ["pos"]
    let scored = isDifferential ? hidden / 2 : hidden
    let lambdas = isDifferential ? ["left1", "right1", "left2", "right2"] : []
    return [TensorLayout("\(name).W", [input, hidden], .xavier)]
      + lambdas.map { TensorLayout("\(name).lambda_\($0)", [hidden / 2], .normal(deviation: 0.1)) }
      + signs.flatMap { sign in
        ["left", "right"].map { TensorLayout("\(name).a_\($0)_\(sign).weight", [1, scored], .xavier) }
      }
      + [
        TensorLayout(
          "\(name).relation_embedding.weight", [Relation.count, RelationGraph.embeddingWidth], .normal(deviation: 1))
      ]
      + signs.map { TensorLayout("\(name).a_rel_\($0).weight", [1, RelationGraph.embeddingWidth], .xavier) }
      + layerNorm(name, hidden)
  }
}

/// The published state_dict's names for the parts of each branch.
enum TensorNames {
  static let speakerEmbedding = "speaker_embeddings.weight"

  static func projection(_ modality: Modality) -> String {
    switch modality {
    case .text: "textf_input"
    case .visual: "visuf_input"
    case .audio: "acouf_input"
    }
  }

  /// The Transformer of a branch that has one.
  static func encoder(_ modality: Modality) -> String { "\(modality.letter)_\(modality.letter)" }

  static func gate(_ modality: Modality) -> String { "\(modality.letter)gate.gate.0" }

  static func interSpeakerGraph(_ modality: Modality) -> String { "gat\(modality.letter.uppercased())er" }

  static func intraSpeakerGraph(_ modality: Modality) -> String { "gat\(modality.letter.uppercased())" }

  static func head(_ modality: Modality) -> String { "\(modality.letter)_output_layer.2" }

  static func normalisationMean(_ modality: Modality) -> String { "normalisation.\(modality.rawValue).mean" }

  static func normalisationDeviation(_ modality: Modality) -> String {
    "normalisation.\(modality.rawValue).deviation"
  }
}

extension Modality {
  /// The one-letter name of the paper: t, v, a.
  public var letter: String { String(rawValue.prefix(1)) }
}
