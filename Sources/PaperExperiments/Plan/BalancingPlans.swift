import ModelTraining

/// Experiments that change how modalities are balanced.
extension ExperimentPlan {
  /// Epochs before the balancing starts (Figure 5): none, quarters of the training, all but one, never.
  static func warmUp(_ recipe: TrainingRecipe, _ split: DialogueSplit, _ isQuick: Bool) throws -> ExperimentPlan {
    _ = try severalModalities(.warmUp, recipe, split)
    let epochs = recipe.epochs
    let quarters = (isQuick ? [0, 2] : [0, 1, 2, 3]).map { epochs * $0 / 4 }
    let values = Set(quarters + [epochs - 1, epochs, min(recipe.balancingWarmUp, epochs)]).sorted()
    var base = recipe
    base.isBalanced = true
    base.balancingWarmUp = min(recipe.balancingWarmUp, epochs)
    let arms = values.map { value in
      var changed = base
      changed.balancingWarmUp = value
      return Arm(
        name: value == 0 ? "from the start" : value == epochs ? "never" : "after epoch \(value)", recipe: changed)
    }
    return ExperimentPlan(
      .warmUp, recipe: recipe, arms: arms, base: self.base(arms, base),
      notes: recipe.balancingWarmUp > epochs
        ? ["The recipe's warm-up of \(recipe.balancingWarmUp) epochs outlasts its \(epochs) epochs: that is never."]
        : [])
  }

  /// q_base × p_exe (Table 7); the base is the recipe's pair.
  static func balancing(_ recipe: TrainingRecipe, _ split: DialogueSplit, _ isQuick: Bool) throws -> ExperimentPlan {
    _ = try severalModalities(.balancing, recipe, split)
    try requireBalancing(.balancing, recipe)
    var base = recipe
    base.isBalanced = true
    let values = isQuick ? [0.2, 0.5] : [0.1, 0.2, 0.3, 0.4, 0.5]
    let arms = Set(values + [recipe.baseProbability]).sorted().flatMap { q in
      Set(values + [recipe.executionProbability]).sorted().map { p in
        var changed = base
        changed.baseProbability = q
        changed.executionProbability = p
        return Arm(name: "q_base \(q), p_exe \(p)", recipe: changed)
      }
    }
    return ExperimentPlan(.balancing, recipe: recipe, arms: arms, base: self.base(arms, base), notes: [])
  }

  /// - Throws: `ExperimentError.notApplicable` where the balancing would never start.
  static func requireBalancing(_ experiment: Experiment, _ recipe: TrainingRecipe) throws {
    guard recipe.balancingWarmUp >= recipe.epochs else { return }
    throw ExperimentError.notApplicable(
      experiment, needs: "a balancing_warm_up below epochs",
      found: "a warm-up of \(recipe.balancingWarmUp) epochs in a training of \(recipe.epochs)",
      remedy: "Give balancing_warm_up in a --config file, or train longer.")
  }
}
