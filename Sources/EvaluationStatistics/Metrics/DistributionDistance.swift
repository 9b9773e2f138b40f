import Foundation

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

  /// The population stability index Σ (q − p)·ln(q/p), in nats; by custom, above 0.1 is a shift and above 0.25 a large one.
  ///
  /// - Parameters:
  ///   - expected: p, the counts of the reference.
  ///   - actual: q, the counts to judge.
  ///   - smallestShare: shares below this are raised to it, so that an empty class is not infinite.
  ///
  /// Nil where the vectors differ in length or one is all zero.
  public static func populationStability(
    expected: [Int], actual: [Int], smallestShare: Double = 1e-4
  ) -> Double? {
    guard let (p, q) = shares(expected, actual) else { return nil }
    return zip(p, q).reduce(0) { sum, pair in
      let p = max(pair.0, smallestShare)
      let q = max(pair.1, smallestShare)
      return sum + (q - p) * log(q / p)
    }
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
