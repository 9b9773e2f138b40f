import DialogueDomain
import Tensors

/// The network: one branch per modality of the model, whose logits are added (Eqn 29).
public struct Network: Sendable {
  public let configuration: ModelConfiguration
  public let parameters: ParameterSet
  /// In the order t, v, a.
  public let branches: [ModalityBranch]

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

  public func branch(_ modality: Modality) -> ModalityBranch? {
    branches.first { $0.modality == modality }
  }
}
