import DialogueDomain

/// How much of a label each modality brought.
public enum ModalityShares {
  /// Each branch's part of what speaks for the label: non-negative, summing to 1.
  ///
  /// A branch speaks with its centred logit, L_m[label] − mean over classes of L_m, since a constant added to all
  /// classes changes no probability. Branches that speak against the label have share 0; the label being the fused
  /// maximum, at least one speaks for it unless all are silent, and then the shares are equal.
  public static func shares(_ branches: [Modality: [Float]], label: Int) -> [Modality: Double] {
    let voices = branches.mapValues { logits in
      max(0, Double(logits[label]) - logits.reduce(0) { $0 + Double($1) } / Double(logits.count))
    }
    let total = voices.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    guard total > 0 else { return branches.mapValues { _ in 1 / Double(branches.count) } }
    return voices.mapValues { $0 / total }
  }
}
