import AMBDSGDN
import DialogueDomain
import Tensors

/// One network's finished training: the weights of the epoch that was kept, and how they came about.
public struct TrainedNetwork: Sendable {
  /// Without a temperature: what is fitted on held-out dialogues belongs to the model.
  public let configuration: ModelConfiguration
  /// The weights of the epoch that was kept.
  public let parameters: ParameterSet
  /// What features are brought to mean 0 and deviation 1 with, by modality.
  public let standardisation: [Modality: Standardisation]
  /// What it was trained by.
  public let recipe: TrainingRecipe
  /// What all its random choices followed from.
  public let seed: UInt64
  /// What it learnt from.
  public let trainingData: DataSummary
  /// Every step and epoch.
  public let record: TrainingRecord
  /// The validation dialogues with its logits; nil where nothing was held out.
  public let heldOut: HeldOut?

  /// The network as scoring takes it.
  public var model: Model {
    Model(network: Network(configuration, parameters), standardisation: standardisation)
  }

  /// What to know of how it came about, one sentence each.
  var advice: [String] {
    guard heldOut != nil, recipe.kept == .best else { return [] }
    var advice: [String] = []
    let best = record.best?.epoch ?? 0
    if best > 1, best == recipe.epochs {
      advice.append("The best epoch is the last of \(best): more epochs may do better.")
    }
    if recipe.isBalanced, best <= recipe.balancingWarmUp, recipe.balancingWarmUp > 0 {
      advice.append(
        "Balancing starts after epoch \(recipe.balancingWarmUp): epoch \(best), which was chosen, was trained without it."
      )
    }
    return advice
  }
}
