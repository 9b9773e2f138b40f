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

  /// Share of each utterance's noisy runs that keep its label; nil for an utterance without a label.
  ///
  /// The runs are those with noise on all modalities, at every level above 0 and every seed: 35 of them by the
  /// standard plan. Nil for all where the cube has only the clean run.
  public static func stability(_ cube: BranchLogitCube, clean: [Int32]) -> [Double?] {
    var kept = [Int](repeating: 0, count: cube.rows)
    let all = runs(cube, [.all])
    for run in all {
      let labels = labels(cube, run.pattern, level: run.level, seed: run.seed)
      for row in labels.indices where labels[row] == clean[row] { kept[row] += 1 }
    }
    return kept.indices.map { row in
      all.isEmpty || clean[row] < 0 ? nil : Double(kept[row]) / Double(all.count)
    }
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
