import AMBDSGDN
import DialogueDomain
import EvaluationStatistics

/// Fusion weights other than the network's own: the extremes of section 6.7 of the paper, and the whole simplex.
///
/// Weights are shares that sum to 1, scaled by the number of modalities so that equal shares are the clean run (see
/// `FusionWeights`).
public enum ImbalanceProbe {
  /// The labels at given weights, on clean features.
  public static func labels(_ cube: BranchLogitCube, _ weights: FusionWeights) -> [Int32] {
    cube.labels(cube.modalities.map { FusionTerm($0, factor: weights.factor($0)) })
  }

  /// What each of the weights did to the labels.
  public static func counts(
    _ cube: BranchLogitCube, _ reference: ReferenceLabels, weights: [FusionWeights]
  ) -> ConditionTable<PerturbationCounts> {
    ConditionTable(weights.map { reference.counts(labels(cube, $0), classes: cube.classes) })
  }

  /// Tallies for each of many weights.
  public static func tallies(
    _ cube: BranchLogitCube, _ reference: ReferenceLabels, weights: [FusionWeights]
  ) -> LabelTallies {
    var tallies = LabelTallies(classes: cube.classes, conditions: weights.count)
    for (condition, weights) in weights.enumerated() {
      tallies.add(
        condition: condition, labels: labels(cube, weights), clean: reference.clean, truth: reference.truth)
    }
    return tallies
  }
}
