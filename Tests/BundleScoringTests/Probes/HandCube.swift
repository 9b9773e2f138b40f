import AMBDSGDN
import DialogueDomain
import EvaluationStatistics

@testable import BundleScoring

/// Three utterances, two classes, three modalities, one noisy level: small enough to work out by hand.
///
/// Only the first class has logits; the label is class 0 where their sum is zero or more.
enum HandCube {
  static let cube = BranchLogitCube(
    classes: 2, rows: 3, levels: [0, 0.5], seeds: 1, modalities: Modality.allCases,
    logits: [
      .text: [table(2, -1, 1), table(-3, 0, 2)],
      .visual: [table(-1, -1, -2), table(-1, -3, -1)],
      .audio: [table(0.5, 3, -0.5), table(1, 1, 1)],
    ])

  /// Sums 1.5, 1, −1.5.
  static let clean: [Int32] = [0, 0, 1]

  /// The truth of the last utterance is unknown.
  static let reference = ReferenceLabels(clean: clean, truth: [0, 1, -1])

  static let dialogues = [Dialogue(id: "first", rows: 0..<2), Dialogue(id: "second", rows: 2..<3)]

  static func table(_ values: Float...) -> [Float] {
    values.flatMap { [$0, 0] }
  }

  /// The counts of given labels against the reference.
  static func counts(_ labels: [Int32]) -> PerturbationCounts {
    var counts = PerturbationCounts(classes: 2)
    for (row, label) in labels.enumerated() where label >= 0 {
      counts.add(
        clean: Int(reference.clean[row]), perturbed: Int(label),
        truth: reference.truth[row] < 0 ? nil : Int(reference.truth[row]))
    }
    return counts
  }
}
