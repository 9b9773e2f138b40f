import DialogueDomain
import Tensors

/// The network: one branch per modality of the model, whose logits are added (Eqn 29).
public struct Network: Sendable {
  /// Its sizes and classes.
  public let configuration: ModelConfiguration
  /// Its weights.
  public let parameters: ParameterSet
  /// In the order t, v, a.
  public let branches: [ModalityBranch]

  /// A network of a configuration over parameters that fit it.
  public init(_ configuration: ModelConfiguration, _ parameters: ParameterSet) {
    self.configuration = configuration
    self.parameters = parameters
    let positions = PositionTable(count: Self.tabulatedPositions, hidden: configuration.hidden)
    branches = configuration.modalityOrder.map {
      ModalityBranch($0, configuration, parameters, positions: positions)
    }
  }

  /// Dialogues up to this length share one table of position encodings; longer ones make their own.
  private static let tabulatedPositions = 512

  /// The branch of a modality; nil where the model has none.
  public func branch(_ modality: Modality) -> ModalityBranch? {
    branches.first { $0.modality == modality }
  }
}

/// One modality's way through the network; branches meet only where their logits are added.
public struct ModalityBranch: Sendable {
  /// The modality that the branch reads.
  public let modality: Modality
  private let inputLayer: LinearLayer
  private let encoder: SpeakerPositionEncoder?
  /// Nil in a network without graphs.
  private let interSpeaker: DiffRGCN?
  private let intraSpeaker: DiffRGCN?
  private let gate: LinearLayer?
  private let head: LinearLayer

  init(
    _ modality: Modality, _ configuration: ModelConfiguration, _ parameters: ParameterSet, positions: PositionTable
  ) {
    self.modality = modality
    inputLayer = LinearLayer(TensorNames.projection(modality), parameters)
    let isEncoded = ModelConfiguration.hasEncoder(modality)
    encoder =
      isEncoded ? SpeakerPositionEncoder(modality, configuration, parameters, positions: positions) : nil
    func graph(_ name: String) -> DiffRGCN? {
      configuration.graphs == .none ? nil : DiffRGCN(name, configuration, parameters)
    }
    interSpeaker = graph(TensorNames.interSpeakerGraph(modality))
    intraSpeaker = graph(TensorNames.intraSpeakerGraph(modality))
    gate = isEncoded ? LinearLayer(TensorNames.gate(modality), parameters) : nil
    head = LinearLayer(TensorNames.head(modality), parameters)
  }

  /// The modality's features through a linear layer (Eqn 1): [T, D_m] → [T, d].
  public func projection(_ features: Variable, _ run: Computation) -> Variable {
    inputLayer(features, run)
  }

  /// Noise on the features through the same linear layer, without its bias: W(f + σε) + b = (Wf + b) + σ Wε.
  public func noiseProjection(_ noise: Variable, _ run: Computation) -> Variable {
    run.linear(noise, run.variable(inputLayer.weight))
  }

  /// What enters the head: encoder, graphs and gate on projected features; [T, d] → [T, d].
  public func encoded(
    _ projection: Variable, _ batch: DialogueBatch, _ run: Computation, rates: DropoutRates = .none
  ) -> Variable {
    run.trace("\(BranchModule.projection.traceName)_\(modality.letter)", projection)
    return BranchModule.encoding.filter(has).reduce(projection) { x, module in
      let y = self(module, x, batch, run, rates: rates)
      run.trace("\(module.traceName)_\(modality.letter)", y)
      return y
    }
  }

  /// The head (Eqn 28): Linear(dropout(ReLU(x))), [T, d] → [T, C].
  public func logits(_ encoded: Variable, _ run: Computation, rates: DropoutRates = .none) -> Variable {
    head(run.dropout(run.relu(encoded), rates.encoder), run)
  }

  /// Whether the branch has such a module: only audio and visual are encoded and gated, and graphs may be left out.
  public func has(_ module: BranchModule) -> Bool {
    switch module {
    case .projection, .head: true
    case .encoder: encoder != nil
    case .interSpeakerGraph: interSpeaker != nil
    case .intraSpeakerGraph: intraSpeaker != nil
    case .gate: gate != nil
    }
  }

  /// One module on what the one before it made; a module that the branch lacks passes it on.
  public func callAsFunction(
    _ module: BranchModule, _ x: Variable, _ batch: DialogueBatch, _ run: Computation, rates: DropoutRates = .none
  ) -> Variable {
    let label = "\(module.traceName)_\(modality.letter)"
    return switch module {
    case .projection: projection(x, run)
    case .encoder: encoder?(x, batch, run, dropout: rates.encoder, label: modality.letter) ?? x
    case .interSpeakerGraph: interSpeaker?(x, batch.interSpeaker, run, dropout: rates.graph, label: label) ?? x
    case .intraSpeakerGraph: intraSpeaker?(x, batch.intraSpeaker, run, dropout: rates.graph, label: label) ?? x
    case .gate: gate.map { run.gated(x, by: $0(x, run)) } ?? x
    case .head: logits(x, run, rates: rates)
    }
  }
}

/// The modules of a modality's branch, in the order of the way forward.
public enum BranchModule: String, CaseIterable, Sendable {
  /// From features to the hidden width.
  case projection
  /// The self-attention over the dialogue (Eqn 1).
  case encoder
  /// The relations between speakers.
  case interSpeakerGraph = "inter-speaker graph"
  /// The relations of a speaker to their own utterances.
  case intraSpeakerGraph = "intra-speaker graph"
  /// What weighs the two graphs (Eqn 28).
  case gate
  /// From the hidden width to the logits.
  case head

  /// What lies between projection and head.
  static let encoding: [BranchModule] = [.encoder, .interSpeakerGraph, .intraSpeakerGraph, .gate]

  /// What a trace calls the module's result, before the modality's letter.
  public var traceName: String {
    switch self {
    case .projection: "proj"
    case .encoder: "enc"
    case .interSpeakerGraph: "inter"
    case .intraSpeakerGraph: "intra"
    case .gate: "gate"
    case .head: "head"
    }
  }
}

extension ModelConfiguration {
  /// Number of trained weights in one module of one modality's branch; the speaker embedding, which the branches share,
  /// belongs to none.
  public func parameterCount(of module: BranchModule, _ modality: Modality) -> Int {
    let name =
      switch module {
      case .projection: TensorNames.projection(modality)
      case .encoder: TensorNames.encoder(modality)
      case .interSpeakerGraph: TensorNames.interSpeakerGraph(modality)
      case .intraSpeakerGraph: TensorNames.intraSpeakerGraph(modality)
      case .gate: TensorNames.gate(modality)
      case .head: TensorNames.head(modality)
      }
    return tensors.filter { $0.name.hasPrefix("\(name).") }.reduce(0) { $0 + $1.count }
  }
}
