import DialogueDomain

/// The modules of a modality's branch, in the order of the way forward.
public enum BranchModule: String, CaseIterable, Sendable {
  case projection
  case encoder
  case interSpeakerGraph = "inter-speaker graph"
  case intraSpeakerGraph = "intra-speaker graph"
  case gate
  case head

  /// What lies between projection and head.
  static let representing: [BranchModule] = [.encoder, .interSpeakerGraph, .intraSpeakerGraph, .gate]

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
