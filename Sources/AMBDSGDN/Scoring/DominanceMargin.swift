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

/// How far the balance of modalities can shift before an utterance's label changes.
public enum DominanceMargin {
  /// The smallest shift of fusion weight that changes the label; nil where no weights do.
  ///
  /// The network adds its branches with equal weights, 1/M each on the simplex. Shifting δ takes weight δ in all from
  /// some branches and gives it to others, so the answer lies between 0 (the label is on an edge) and 1 − 1/M. For a
  /// rival class c with d_m = L_m[c] − L_m[label], the label falls when Σ w_m d_m ≥ 0; the cheapest way there takes
  /// weight from the branches with the smallest d_m first and gives it to the one with the largest.
  ///
  /// - Parameters:
  ///   - branches: each branch's logits [C].
  ///   - label: the class whose label is to be changed.
  public static func margin(_ branches: [Modality: [Float]], label: Int) -> Double? {
    guard let classes = branches.values.first?.count, branches.count > 1 else { return nil }
    let logits = branches.sorted { $0.key < $1.key }.map { $0.value.map(Double.init) }
    return (0..<classes).filter { $0 != label }.compactMap { rival in
      shift(logits.map { $0[rival] - $0[label] })
    }.min()
  }

  /// The smallest shift from equal weights that brings Σ w_m d_m to zero or above.
  private static func shift(_ differences: [Double]) -> Double? {
    let share = 1 / Double(differences.count)
    let rising = differences.sorted()
    guard let best = rising.last else { return nil }
    var total = differences.reduce(0, +) * share
    var shifted = 0.0
    for difference in rising.dropLast() where total < 0 {
      let gain = best - difference
      guard gain > 0 else { break }
      let needed = min(share, -total / gain)
      shifted += needed
      total = needed < share ? 0 : total + needed * gain
    }
    return total >= 0 ? shifted : nil
  }
}
