/// The risk–coverage curve: the error among the most confident share c of the predictions, for every c.
///
/// Predictions of equal confidence cannot be told apart, so within such a group errors count as spread evenly: the
/// figures are the mean over every order of the group and do not depend on how the input was sorted.
public struct RiskCoverage: Sendable, Hashable {
  /// Predictions that share a confidence, or a histogram bin.
  struct Group: Sendable, Hashable {
    var count: Int
    var errors: Int
  }

  /// One point of the curve.
  public struct Point: Sendable, Hashable, Codable {
    /// Share of the predictions that are kept, the most confident first.
    public var coverage: Double
    /// Share of errors among those kept.
    public var risk: Double
  }

  /// Most confident group first, none empty.
  private let groups: [Group]
  /// Number of predictions.
  public let total: Int

  init(groups: [Group]) {
    self.groups = groups.filter { $0.count > 0 }
    total = groups.reduce(0) { $0 + $1.count }
  }

  /// The exact curve.
  ///
  /// - Parameters:
  ///   - confidences: one per prediction, in any order; those that are not a number are left out.
  ///   - correct: whether each prediction was right.
  public init(confidences: [Double], correct: [Bool]) {
    precondition(confidences.count == correct.count, "one outcome per confidence")
    var groups: [Group] = []
    var previous: Double?
    for (confidence, correct) in zip(confidences, correct).filter({ !$0.0.isNaN }).sorted(by: { $0.0 > $1.0 }) {
      if confidence != previous { groups.append(Group(count: 0, errors: 0)) }
      previous = confidence
      groups[groups.count - 1].count += 1
      groups[groups.count - 1].errors += correct ? 0 : 1
    }
    self.init(groups: groups)
  }

  /// The curve at the end of every group of equal confidence, by rising coverage.
  public var curve: [Point] {
    var kept = 0
    var errors = 0
    return groups.map { group in
      kept += group.count
      errors += group.errors
      return Point(coverage: ratio(kept, total), risk: ratio(errors, kept))
    }
  }

  /// AURC: the risk averaged over the coverages 1/N, 2/N … 1.
  public var areaUnderRiskCoverage: Double {
    guard total > 0 else { return 0 }
    var kept = 0.0
    var errors = 0.0
    var sum = 0.0
    for group in groups {
      let rate = ratio(group.errors, group.count)
      for _ in 0..<group.count {
        kept += 1
        errors += rate
        sum += errors / kept
      }
    }
    return sum / Double(total)
  }

  /// AUGRC: coverage·risk(coverage) averaged over the coverages 1/N, 2/N … 1.
  public var areaUnderGeneralisedRiskCoverage: Double {
    guard total > 0 else { return 0 }
    var errors = 0.0
    var sum = 0.0
    for group in groups {
      let count = Double(group.count)
      sum += count * errors + Double(group.errors) * (count + 1) / 2
      errors += Double(group.errors)
    }
    return sum / (Double(total) * Double(total))
  }

  /// Accuracy among the most confident share `coverage`: the first ⌈coverage·N⌉ predictions; 0 where there are none.
  public func accuracy(atCoverage coverage: Double) -> Double {
    let wanted = min(max(ceiling(coverage * Double(total)), 1), Double(total))
    var kept = 0.0
    var errors = 0.0
    for group in groups where kept < wanted {
      let taken = min(Double(group.count), wanted - kept)
      errors += taken * ratio(group.errors, group.count)
      kept += taken
    }
    return kept == 0 ? 0 : 1 - errors / kept
  }
}

/// Right and wrong predictions by confidence in equal-width bins: the additive form of the risk–coverage curve.
///
/// Confidences that share a bin are treated as equal, so the curve is exact up to 1 / bins in confidence.
public struct ConfidenceHistogram: AdditiveStatistic, Hashable {
  /// Right predictions per bin, by rising confidence.
  public private(set) var correct: [Int]
  /// Wrong predictions per bin, by rising confidence.
  public private(set) var wrong: [Int]

  /// An empty histogram.
  public init(binCount: Int = 100) {
    precondition(binCount >= 0, "a number of bins is not negative")
    correct = [Int](repeating: 0, count: binCount)
    wrong = [Int](repeating: 0, count: binCount)
  }

  /// A histogram read back from a store; nil where the two lists differ in length or hold a negative count.
  public init?(correct: [Int], wrong: [Int]) {
    guard correct.count == wrong.count, (correct + wrong).allSatisfy({ $0 >= 0 }) else { return nil }
    self.correct = correct
    self.wrong = wrong
  }

  /// The histogram of nothing; adding it to any other leaves that as it is.
  public static let zero = ConfidenceHistogram(binCount: 0)

  /// Counts one prediction; a confidence that is not a number is left out.
  public mutating func add(confidence: Double, correct isCorrect: Bool) {
    guard let index = equalWidthBin(of: confidence, among: correct.count) else { return }
    if isCorrect { correct[index] += 1 } else { wrong[index] += 1 }
  }

  /// Adds bin by bin; both sides must have as many bins, or one of them be `zero`.
  public static func += (left: inout ConfidenceHistogram, right: ConfidenceHistogram) {
    if right.correct.isEmpty { return }
    if left.correct.isEmpty {
      left = right
      return
    }
    precondition(left.correct.count == right.correct.count, "histograms of different widths do not add up")
    for index in left.correct.indices {
      left.correct[index] += right.correct[index]
      left.wrong[index] += right.wrong[index]
    }
  }

  /// The curve, each bin taken as one group of equal confidence.
  public var riskCoverage: RiskCoverage {
    RiskCoverage(
      groups: zip(correct, wrong).reversed().map { RiskCoverage.Group(count: $0 + $1, errors: $1) })
  }
}

extension ConfidenceHistogram: Codable {
  private enum CodingKeys: String, CodingKey { case correct, wrong }

  /// - Throws: `DecodingError` where what is decoded is no such value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let correct = try container.decode([Int].self, forKey: .correct)
    let wrong = try container.decode([Int].self, forKey: .wrong)
    guard let histogram = ConfidenceHistogram(correct: correct, wrong: wrong) else {
      throw DecodingError.dataCorruptedError(
        forKey: .wrong, in: container, debugDescription: "expected as many counts of wrong predictions as of right ones"
      )
    }
    self = histogram
  }
}

/// The next whole number up, where a product of fractions that should be whole, such as 0.7·10, counts as whole.
func ceiling(_ value: Double) -> Double {
  (value - 1e-9 * max(1, value.magnitude)).rounded(.up)
}
