import DialogueDomain

/// Each branch's logits for the utterances of a bundle, before fusion.
public struct BranchLogits: Sendable {
  /// Classes, C.
  public let classes: Int
  /// Utterances, T.
  public let rows: Int
  private let logits: [Modality: [Float]]
  private let missing: [Modality: [Bool]]

  /// - Parameters:
  ///   - logits: [T · C] of each branch that ran, row-major.
  ///   - missing: rows that lack a modality; their logits count for nothing.
  public init(classes: Int, rows: Int, logits: [Modality: [Float]], missing: [Modality: [Bool]] = [:]) {
    self.classes = classes
    self.rows = rows
    self.logits = logits
    self.missing = missing
  }

  /// Branches that ran, in the order t, v, a.
  public var modalities: [Modality] { logits.keys.sorted() }

  /// One utterance's logits of one branch [C]; nil where the branch did not run or the utterance lacks the modality.
  public func callAsFunction(_ modality: Modality, row: Int) -> ArraySlice<Float>? {
    if missing[modality]?[row] == true { return nil }
    return logits[modality]?[(row * classes)..<((row + 1) * classes)]
  }

  /// Every branch's logits for one utterance, of those that it has.
  public func branches(row: Int) -> [Modality: [Float]] {
    Dictionary(
      uniqueKeysWithValues: modalities.compactMap { modality in
        self(modality, row: row).map { (modality, Array($0)) }
      })
  }

  /// The branches' sum (Eqn 29) for one utterance [C]; zeros where it lacks every modality.
  public func fused(row: Int) -> [Float] {
    var sum = [Float](repeating: 0, count: classes)
    for modality in modalities {
      guard let logits = self(modality, row: row) else { continue }
      for (index, value) in logits.enumerated() { sum[index] += value }
    }
    return sum
  }
}
