/// Counts or exact sums that add up: any set of bundles, nights or nodes may be joined in any order with one result.
///
/// `+` is associative and commutative to the bit and `zero` is its neutral element, so a report over two half-nights
/// equals the report over the night.
public protocol AdditiveStatistic: Sendable, Equatable {
  /// The statistic of nothing.
  static var zero: Self { get }

  /// Adds the observations of `right` to `left`.
  static func += (left: inout Self, right: Self)
}

extension AdditiveStatistic {
  /// The statistic over the observations of both.
  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum += right
    return sum
  }
}

extension Sequence where Element: AdditiveStatistic {
  /// The statistic over the observations of every element; `zero` where there is none.
  public func total() -> Element {
    reduce(into: .zero) { $0 += $1 }
  }
}
