import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Tensors

/// Confidence, calibration, risk–coverage and conformal sets, clean and with noise on all modalities.
public enum CertaintyProbe {
  /// One cell per level asked for; the clean run is counted once, a noisy level once per seed.
  ///
  /// - Parameters:
  ///   - levels: indices into the cube's levels.
  ///   - temperature: divides the logits, as in scoring.
  ///   - halves: which half of the dialogues each row belongs to.
  public static func statistics(
    _ cube: BranchLogitCube, _ reference: ReferenceLabels, levels: [Int], temperature: Double,
    halves: [ConformalHistogram.Half]
  ) -> ConditionTable<CertaintyStatistics> {
    ConditionTable(
      levels.map { level in
        var statistics = CertaintyStatistics()
        for seed in 0..<(level == 0 ? 1 : cube.seeds) {
          let labels = NoiseProbe.labels(cube, .all, level: level, seed: seed)
          let logits = cube.fused(level: level, seed: seed)
          for row in labels.indices where labels[row] >= 0 {
            statistics.add(
              probabilities: Softmax(
                logits[row * cube.classes..<(row + 1) * cube.classes], temperature: temperature
              ).probabilities,
              label: Int(labels[row]), truth: reference.truth[row] < 0 ? nil : Int(reference.truth[row]),
              half: halves[row])
          }
        }
        return statistics
      })
  }

  /// The half of each row's dialogue: drawn from the bundle's digest and the dialogue's name.
  public static func halves(_ dialogues: [Dialogue], rows: Int, bundleDigest: String) -> [ConformalHistogram.Half] {
    var halves = [ConformalHistogram.Half](repeating: .evaluated, count: rows)
    for dialogue in dialogues
    where CounterBasedRandom.key(named: "\(bundleDigest)/\(dialogue.id)") & 1 == 0 {
      for row in dialogue.rows { halves[row] = .calibrating }
    }
    return halves
  }
}
