import DialogueDomain
import Tensors

/// One modality's way through the network; branches meet only where their logits are added.
public struct ModalityBranch: Sendable {
  public let modality: Modality
  private let projection: LinearLayer
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
    projection = LinearLayer(TensorNames.projection(modality), parameters)
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
  public func projected(_ features: Variable, _ run: Computation) -> Variable {
    projection(features, run)
  }

  /// Noise on the features through the same linear layer, without its bias: W(f + σε) + b = (Wf + b) + σ Wε.
  public func projectedNoise(_ noise: Variable, _ run: Computation) -> Variable {
    run.linear(noise, run.variable(projection.weight))
  }

  /// What enters the head: encoder, graphs and gate on projected features; [T, d] → [T, d].
  public func represented(
    _ projected: Variable, _ batch: DialogueBatch, _ run: Computation, rates: DropoutRates = .none
  ) -> Variable {
    run.trace("\(BranchModule.projection.traceName)_\(modality.letter)", projected)
    return BranchModule.representing.filter(has).reduce(projected) { x, module in
      let y = self(module, x, batch, run, rates: rates)
      run.trace("\(module.traceName)_\(modality.letter)", y)
      return y
    }
  }

  /// The head (Eqn 28): Linear(dropout(ReLU(x))), [T, d] → [T, C].
  public func logits(_ represented: Variable, _ run: Computation, rates: DropoutRates = .none) -> Variable {
    head(run.dropout(run.relu(represented), rates.encoder), run)
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
    case .projection: projected(x, run)
    case .encoder: encoder?(x, batch, run, dropout: rates.encoder, label: modality.letter) ?? x
    case .interSpeakerGraph: interSpeaker?(x, batch.interSpeaker, run, dropout: rates.graph, label: label) ?? x
    case .intraSpeakerGraph: intraSpeaker?(x, batch.intraSpeaker, run, dropout: rates.graph, label: label) ?? x
    case .gate: gate.map { run.gated(x, by: $0(x, run)) } ?? x
    case .head: logits(x, run, rates: rates)
    }
  }
}
