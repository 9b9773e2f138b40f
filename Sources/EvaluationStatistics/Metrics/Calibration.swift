import Foundation

/// Confidence against accuracy in equal-width bins of confidence, from which the calibration errors follow.
///
/// Bin b of B holds confidences in [b/B, (b+1)/B); the last one includes 1.
public struct CalibrationBins: AdditiveStatistic, Hashable, Codable {
  /// The sums of one bin.
  public struct Bin: Sendable, Hashable, Codable {
    /// Observations whose confidence lies in the bin.
    public var count: Int
    /// Those of them that were predicted right.
    public var correct: Int
    /// The sum of their confidences.
    public var confidence: ExactSum

    /// The counts of one bin.
    public init(count: Int = 0, correct: Int = 0, confidence: ExactSum = .zero) {
      self.count = count
      self.correct = correct
      self.confidence = confidence
    }
  }

  /// In order of confidence; empty only for `zero`.
  public private(set) var bins: [Bin]

  /// Empty bins.
  public init(binCount: Int = 15) {
    precondition(binCount >= 0, "a number of bins is not negative")
    bins = [Bin](repeating: Bin(), count: binCount)
  }

  /// Bins read back from a store.
  public init(bins: [Bin]) {
    self.bins = bins
  }

  /// The bins of nothing; adding it to any bins leaves them as they are.
  public static let zero = CalibrationBins(binCount: 0)

  /// Counts one prediction.
  ///
  /// - Parameters:
  ///   - confidence: the probability given to the predicted class, clamped to 0...1; not-a-number is left out.
  ///   - correct: whether the predicted class is the true one.
  public mutating func add(confidence: Double, correct: Bool) {
    guard let index = equalWidthBin(of: confidence, among: bins.count) else { return }
    bins[index].count += 1
    bins[index].correct += correct ? 1 : 0
    bins[index].confidence.add(min(max(confidence, 0), 1))
  }

  /// Adds bin by bin; both sides must have as many bins, or one of them be `zero`.
  public static func += (left: inout CalibrationBins, right: CalibrationBins) {
    if right.bins.isEmpty { return }
    if left.bins.isEmpty {
      left = right
      return
    }
    precondition(left.bins.count == right.bins.count, "calibration bins of different widths do not add up")
    for index in left.bins.indices {
      left.bins[index].count += right.bins[index].count
      left.bins[index].correct += right.bins[index].correct
      left.bins[index].confidence += right.bins[index].confidence
    }
  }

  /// Number of observations.
  public var total: Int { bins.reduce(0) { $0 + $1.count } }

  /// ECE = Σ_b (n_b/N)·|accuracy_b − confidence_b|; 0 where there are no observations.
  public var expectedCalibrationError: Double {
    let total = total
    guard total > 0 else { return 0 }
    return reliability.reduce(0) { $0 + Double($1.count) / Double(total) * $1.gap.magnitude }
  }

  /// MCE = max_b |accuracy_b − confidence_b| over the bins that hold something.
  public var maximumCalibrationError: Double {
    reliability.filter { $0.count > 0 }.map(\.gap.magnitude).max() ?? 0
  }

  /// One row per bin, in order of confidence, for a reliability table or diagram.
  public var reliability: [ReliabilityRow] {
    let width = 1 / Double(max(bins.count, 1))
    return bins.enumerated().map { index, bin in
      ReliabilityRow(
        lower: Double(index) * width, upper: Double(index + 1) * width, count: bin.count,
        accuracy: ratio(bin.correct, bin.count),
        meanConfidence: bin.count == 0 ? 0 : bin.confidence.value / Double(bin.count))
    }
  }
}

/// One bin of a reliability diagram.
public struct ReliabilityRow: Sendable, Hashable, Codable {
  /// Lower end of the bin's confidences.
  public var lower: Double
  /// Upper end of the bin's confidences.
  public var upper: Double
  /// Observations in the bin.
  public var count: Int
  /// Share of them predicted right; 0 for an empty bin.
  public var accuracy: Double
  /// Their mean confidence; 0 for an empty bin.
  public var meanConfidence: Double

  /// accuracy − meanConfidence: negative where the model is too sure.
  public var gap: Double { accuracy - meanConfidence }
}

/// Which of `count` equal-width bins over 0...1 a confidence falls into; nil for not-a-number or no bins.
func equalWidthBin(of confidence: Double, among count: Int) -> Int? {
  guard !confidence.isNaN, count > 0 else { return nil }
  return min(Int(min(max(confidence, 0), 1) * Double(count)), count - 1)
}

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

  /// The sums of `count` labels.
  public init(count: Int = 0, brierSum: ExactSum = .zero, negativeLogLikelihoodSum: ExactSum = .zero) {
    self.count = count
    self.brierSum = brierSum
    self.negativeLogLikelihoodSum = negativeLogLikelihoodSum
  }

  /// The sums of nothing.
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
