import AMBDSGDN
import DialogueDomain
import EvaluationStatistics

/// What perturbed labels are compared with: the clean labels and, where known, the truth; −1 for none.
public struct ReferenceLabels: Sendable, Hashable {
  public let clean: [Int32]
  public let truth: [Int32]

  public init(clean: [Int32], truth: [Int32]) {
    precondition(clean.count == truth.count, "one truth per clean label")
    self.clean = clean
    self.truth = truth
  }

  /// The bundle's labels as classes of the model, matched by name; a name that the model lacks is no truth here.
  public static func truth(of bundle: FeatureBundle, classes: EmotionSet) -> [Int32] {
    let mapped = bundle.emotions?.names.map { classes.index(of: $0).map(Int32.init) ?? -1 } ?? []
    return bundle.utterances.map { utterance in
      guard let label = utterance.label, mapped.indices.contains(label) else { return -1 }
      return mapped[label]
    }
  }

  /// What a perturbation did; an utterance that it leaves without any modality, label −1, is not counted.
  public func counts(_ perturbed: [Int32], classes: Int) -> PerturbationCounts {
    precondition(perturbed.count == clean.count, "one perturbed label per clean label")
    var counts = PerturbationCounts(classes: classes)
    for row in clean.indices where clean[row] >= 0 && perturbed[row] >= 0 {
      counts.add(
        clean: Int(clean[row]), perturbed: Int(perturbed[row]), truth: truth[row] < 0 ? nil : Int(truth[row]))
    }
    return counts
  }
}
