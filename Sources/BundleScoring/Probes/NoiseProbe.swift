import AMBDSGDN
import DialogueDomain
import EvaluationStatistics

/// Noise on all modalities at once (section 6.5 of the paper) and on each alone, at every level and seed.
public enum NoiseProbe {
  /// The labels of one noisy run.
  public static func labels(_ cube: BranchLogitCube, _ pattern: NoisePattern, level: Int, seed: Int) -> [Int32] {
    cube.labels(
      cube.modalities.map { FusionTerm($0, level: pattern.covers($0) ? level : 0, seed: seed) })
  }

  /// What each run did to the labels: [patterns, levels above 0, seeds].
  public static func counts(
    _ cube: BranchLogitCube, _ reference: ReferenceLabels, patterns: [NoisePattern]
  ) -> ConditionTable<PerturbationCounts> {
    ConditionTable(
      runs(cube, patterns).map { run in
        reference.counts(labels(cube, run.pattern, level: run.level, seed: run.seed), classes: cube.classes)
      })
  }

  /// Each dialogue's curves, summed over seeds; dialogues as rows of the cube.
  public static func curves(
    _ cube: BranchLogitCube, _ reference: ReferenceLabels, patterns: [NoisePattern], dialogues: [Dialogue]
  ) -> [String: DialogueCurve] {
    let points = patterns.count * (cube.levels.count - 1)
    var curves = dialogues.map { dialogue in
      let labelled = dialogue.rows.filter { reference.clean[$0] >= 0 }
      let known = labelled.filter { reference.truth[$0] >= 0 }
      return DialogueCurve(
        utterances: labelled.count, known: known.count,
        cleanCorrect: known.filter { reference.clean[$0] == reference.truth[$0] }.count,
        kept: [Int](repeating: 0, count: points), correct: [Int](repeating: 0, count: points))
    }
    for (index, run) in runs(cube, patterns).enumerated() {
      let labels = labels(cube, run.pattern, level: run.level, seed: run.seed)
      let point = index / cube.seeds
      for (place, dialogue) in dialogues.enumerated() {
        for row in dialogue.rows where labels[row] >= 0 {
          curves[place].kept[point] += labels[row] == reference.clean[row] ? 1 : 0
          curves[place].correct[point] += labels[row] == reference.truth[row] ? 1 : 0
        }
      }
    }
    return Dictionary(zip(dialogues.map(\.id), curves)) { $0 + $1 }
  }

  private static func runs(
    _ cube: BranchLogitCube, _ patterns: [NoisePattern]
  ) -> [(pattern: NoisePattern, level: Int, seed: Int)] {
    patterns.flatMap { pattern in
      cube.levels.indices.dropFirst().flatMap { level in
        (0..<cube.seeds).map { (pattern: pattern, level: level, seed: $0) }
      }
    }
  }
}

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
