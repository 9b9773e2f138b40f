/// The errors of a model and of a baseline under one kind of disturbance, by severity.
public struct CorruptionErrors: Sendable, Hashable, Codable {
  /// E_s of the model, one per severity, the clean run not among them.
  public var errors: [Double]
  /// E_s of the baseline, as many.
  public var baseline: [Double]

  public init(errors: [Double], baseline: [Double]) {
    precondition(errors.count == baseline.count, "one baseline error per severity")
    self.errors = errors
    self.baseline = baseline
  }

  /// CE = Σ_s E_s / Σ_s E_s^base; nil where the baseline makes no error.
  public var corruptionError: Double? {
    quotient(errors.reduce(0, +), baseline.reduce(0, +))
  }

  /// Relative CE = Σ_s (E_s − E_clean) / Σ_s (E_s^base − E_clean^base); nil where the baseline loses nothing.
  public func relativeCorruptionError(clean: Double, baselineClean: Double) -> Double? {
    quotient(
      errors.reduce(0) { $0 + ($1 - clean) }, baseline.reduce(0) { $0 + ($1 - baselineClean) })
  }

  private func quotient(_ numerator: Double, _ denominator: Double) -> Double? {
    denominator == 0 ? nil : numerator / denominator
  }
}

extension Collection where Element == CorruptionErrors {
  /// mCE, the mean of the corruption errors; nil where there is none or one of them is undefined.
  public var meanCorruptionError: Double? {
    let values = compactMap(\.corruptionError)
    guard !isEmpty, values.count == count else { return nil }
    return values.reduce(0, +) / Double(values.count)
  }
}

extension ConfusionCounts {
  /// Flip rate of clean→perturbed counts: the share of labels that the disturbance changed.
  ///
  /// It needs no ground truth.
  public var flipRate: Double { total == 0 ? 0 : ratio(total - correct, total) }
}
