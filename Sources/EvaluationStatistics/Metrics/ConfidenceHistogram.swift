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
