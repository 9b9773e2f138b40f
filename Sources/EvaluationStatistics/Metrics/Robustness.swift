import Foundation

/// A metric over rising disturbance: m(x) at every level x, the first level being the clean run.
public struct RobustnessCurve: Sendable, Hashable, Codable {
  /// x, ascending; noise in units of feature deviation, or a missing rate.
  public let levels: [Double]
  /// m(x), such as the weighted F1 at that level.
  public let scores: [Double]

  /// - Parameters:
  ///   - levels: ascending.
  ///   - scores: one per level.
  public init(levels: [Double], scores: [Double]) {
    precondition(levels.count == scores.count, "one score per level")
    self.levels = levels
    self.scores = scores
  }

  /// Relative robustness: the area under the curve by the trapezium rule, Σ_i (x_{i+1} − x_i)(m_i + m_{i+1}) / 2.
  public var relativeRobustness: Double {
    levels.indices.dropFirst().reduce(0) { area, index in
      area + (levels[index] - levels[index - 1]) * (scores[index] + scores[index - 1]) / 2
    }
  }

  /// Effective robustness: Σ_x (m(x) − β(x)), β(x) = b(x) + m(0) − b(0), for the curve b of a baseline model.
  ///
  /// Positive where this model loses less than the baseline does. Nil where the two have different levels, or none.
  public func effectiveRobustness(against baseline: RobustnessCurve) -> Double? {
    guard levels == baseline.levels, let clean = scores.first, let other = baseline.scores.first else { return nil }
    return zip(scores, baseline.scores).reduce(0) { $0 + ($1.0 - ($1.1 + clean - other)) }
  }

  /// MMI, the relative loss at one level: (m(0) − m(x)) / m(0); nil where x is no level of the curve or m(0) is 0.
  public func relativeLoss(at level: Double) -> Double? {
    guard let clean = scores.first, clean != 0,
      let index = levels.firstIndex(where: { ($0 - level).magnitude < 1e-9 })
    else { return nil }
    return (clean - scores[index]) / clean
  }
}

/// The errors of a model and of a baseline under one kind of disturbance, by severity.
public struct CorruptionErrors: Sendable, Hashable, Codable {
  /// E_s of the model, one per severity, the clean run not among them.
  public var errors: [Double]
  /// E_s of the baseline, as many.
  public var baseline: [Double]

  /// Errors by level against a baseline's at the same levels.
  public init(errors: [Double], baseline: [Double]) {
    precondition(errors.count == baseline.count, "one baseline error per severity")
    self.errors = errors
    self.baseline = baseline
  }

  /// CE = Σ_s E_s / Σ_s E_s^base; nil where the baseline makes no error.
  public var corruptionError: Double? {
    let total = baseline.reduce(0, +)
    return total == 0 ? nil : errors.reduce(0, +) / total
  }
}

/// Distances between two label distributions given as counts per class.
public enum DistributionDistance {
  /// The Jensen–Shannon divergence to base 2: 0 for equal shares, 1 for shares with no class in common.
  ///
  /// JS = ½ Σ p log₂(p/m) + ½ Σ q log₂(q/m), m = (p + q)/2. Nil where the vectors differ in length or one is all zero.
  public static func jensenShannon(_ left: [Int], _ right: [Int]) -> Double? {
    guard let (p, q) = shares(left, right) else { return nil }
    let sum = zip(p, q).reduce(0) { $0 + divergenceTerm($1.0, $1.1) + divergenceTerm($1.1, $1.0) }
    return min(max(sum / 2, 0), 1)
  }

  private static func shares(_ left: [Int], _ right: [Int]) -> ([Double], [Double])? {
    let totals = (left.reduce(0, +), right.reduce(0, +))
    guard left.count == right.count, totals.0 > 0, totals.1 > 0 else { return nil }
    return (left.map { ratio($0, totals.0) }, right.map { ratio($0, totals.1) })
  }

  /// p·log₂(p / ((p + q)/2)), 0 where p is 0.
  private static func divergenceTerm(_ p: Double, _ q: Double) -> Double {
    p > 0 ? p * log2(2 * p / (p + q)) : 0
  }
}
