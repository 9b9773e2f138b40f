import DialogueDomain
import EvaluationStatistics
import ModelTraining

/// Experiments that train the complete model and evaluate it under other conditions.
extension ExperimentPlan {
  /// Every class of the undisturbed model (Tables 2 and 3).
  static func classes(_ recipe: TrainingRecipe) -> ExperimentPlan {
    let arm = Arm(name: complete, recipe: recipe)
    return ExperimentPlan(.classes, recipe: recipe, arms: [arm], base: arm, notes: [])
  }

  /// Noise of growing σ on all features (Figure 7).
  static func noise(_ recipe: TrainingRecipe, _ isQuick: Bool) -> ExperimentPlan {
    let levels = EvaluationCondition.noisePlan.levels.filter { !isQuick || [0, 0.3, 0.7].contains($0) }
    let cells = levels.map { level in
      Cell(
        name: level == 0 ? "no noise" : "σ \(level)", arm: complete, base: "no noise",
        condition: EvaluationCondition(noise: level))
    }
    return ExperimentPlan(
      .noise, recipe: recipe, arms: [Arm(name: complete, recipe: recipe)], cells: cells,
      notes: [
        "Noise is Gaussian, σ in units of each modality's feature deviation over the training data; "
          + "\(EvaluationCondition.noisePlan.seeds.count) draws are counted together."
      ])
  }

  /// One modality weighted with 0.8, then each alone (Figure 8).
  static func imbalance(_ recipe: TrainingRecipe, _ split: DialogueSplit) throws -> ExperimentPlan {
    let present = try severalModalities(.imbalance, recipe, split)
    let order = present.map(\.rawValue).joined(separator: "/")
    let weights = FusionWeights.extremes(of: present)
    let base = weights[0]
    let cells = weights.map { each in
      Cell(
        name: each == base ? "equal weights" : "\(order) \(each.name)", arm: complete, base: "equal weights",
        condition: each == base ? EvaluationCondition() : EvaluationCondition(weights: each))
    }
    return ExperimentPlan(
      .imbalance, recipe: recipe, arms: [Arm(name: complete, recipe: recipe)], cells: cells,
      notes: ["Weights are in per cent, in the order \(order); every row comes from the same trained models."])
  }
}
