import Foundation

/// Proper scores of probability rows against the truth: Brier score and negative log-likelihood.
public struct ProbabilityScores: AdditiveStatistic, Hashable, Codable {
  /// Number of scored rows.
  public private(set) var count: Int
  /// Σ_i Σ_c (p_ic − y_ic)².
  public private(set) var brierSum: ExactSum
  /// Σ_i −ln p_i(y_i), in nats.
  public private(set) var negativeLogLikelihoodSum: ExactSum

  /// Probabilities are taken as at least this (the smallest normal 32-bit number), so that one zero is not infinite.
  public static let smallestProbability = Double(Float.leastNormalMagnitude)

  public init(count: Int = 0, brierSum: ExactSum = .zero, negativeLogLikelihoodSum: ExactSum = .zero) {
    self.count = count
    self.brierSum = brierSum
    self.negativeLogLikelihoodSum = negativeLogLikelihoodSum
  }

  public static let zero = ProbabilityScores()

  /// Counts one row of class probabilities whose true class is `truth`.
  public mutating func add(probabilities: some Collection<Float>, truth: Int) {
    precondition((0..<probabilities.count).contains(truth), "the true class has a probability")
    var brier = 0.0
    var likelihood = 0.0
    for (index, probability) in probabilities.enumerated() {
      let difference = Double(probability) - (index == truth ? 1 : 0)
      brier += difference * difference
      if index == truth { likelihood = max(Double(probability), Self.smallestProbability) }
    }
    count += 1
    brierSum.add(brier)
    negativeLogLikelihoodSum.add(-log(likelihood))
  }

  public static func += (left: inout ProbabilityScores, right: ProbabilityScores) {
    left.count += right.count
    left.brierSum += right.brierSum
    left.negativeLogLikelihoodSum += right.negativeLogLikelihoodSum
  }

  /// Mean of Σ_c (p_c − y_c)², between 0 and 2; 0 where nothing was scored.
  public var brier: Double { count == 0 ? 0 : brierSum.value / Double(count) }

  /// Mean of −ln p(y); 0 where nothing was scored.
  public var negativeLogLikelihood: Double { count == 0 ? 0 : negativeLogLikelihoodSum.value / Double(count) }
}
