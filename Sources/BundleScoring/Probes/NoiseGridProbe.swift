import DialogueDomain
import EvaluationStatistics

/// Every combination of noise levels over the modalities, σ_t × σ_v × σ_a: 512 cells for three modalities of 8 levels.
public enum NoiseGridProbe {
  /// Tallies per cell, summed over seeds.
  ///
  /// - Parameter cells: the level of each of the cube's modalities, as `ProbeShape.gridCells` lists them.
  public static func tallies(
    _ cube: BranchLogitCube, _ reference: ReferenceLabels, cells: [[Int]]
  ) -> LabelTallies {
    var tallies = LabelTallies(classes: cube.classes, conditions: cells.count)
    for (condition, cell) in cells.enumerated() {
      for seed in 0..<cube.seeds {
        let terms = zip(cube.modalities, cell).map { FusionTerm($0, level: $1, seed: seed) }
        tallies.add(
          condition: condition, labels: cube.labels(terms), clean: reference.clean, truth: reference.truth)
      }
    }
    return tallies
  }
}
