import DialogueDomain

/// Which dialogues of a batch keep which modalities in one training step, and how what is kept is scaled up.
public struct ModalityMask: Sendable, Hashable {
  /// For each modality, whether each dialogue keeps it.
  public let kept: [Modality: [Bool]]
  /// 1 / (1 − θ) with θ = Σ d_m q_m / Σ d_m, and all d_m equal; no gradient passes through it.
  public let scale: Float
  /// Whether the step withholds at all.
  public let isExecuted: Bool

  public init(kept: [Modality: [Bool]], probabilities: [Modality: Double]) {
    self.kept = kept
    let share =
      probabilities.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } / Double(max(probabilities.count, 1))
    // With every q at 1 nothing is kept, and there is nothing to scale.
    scale = share < 1 ? Float(1 / (1 - share)) : 0
    isExecuted = true
  }

  /// Nothing withheld, nothing scaled.
  public static func all(_ modalities: [Modality], dialogues: Int) -> ModalityMask {
    ModalityMask(modalities, dialogues: dialogues)
  }

  private init(_ modalities: [Modality], dialogues: Int) {
    let everyone = [Bool](repeating: true, count: dialogues)
    kept = Dictionary(uniqueKeysWithValues: modalities.map { ($0, everyone) })
    scale = 1
    isExecuted = false
  }

  /// What a modality's features of a dialogue are multiplied by before the head.
  public func factor(_ modality: Modality, dialogue: Int) -> Float {
    kept[modality]?[dialogue] == true ? scale : 0
  }

  /// Whether a dialogue has anything left; one that lost every modality leaves the batch and its loss.
  public func isLeft(dialogue: Int) -> Bool {
    kept.values.contains { $0[dialogue] }
  }
}
