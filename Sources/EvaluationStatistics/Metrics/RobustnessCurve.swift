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
