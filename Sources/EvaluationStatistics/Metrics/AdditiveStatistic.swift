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

/// A sum of real numbers kept as a whole number of units of 2⁻³², so that adding is exact in any order.
///
/// Floating-point sums depend on the order of their terms; a report put together from parts must not. Each term is
/// rounded once, to within 1.2e-10; terms beyond ±32,768 are clamped and not-a-number counts as zero. The sum holds two
/// thousand million terms of size one; beyond that it stays at its limit.
public struct ExactSum: AdditiveStatistic, Hashable, Codable {
  /// The sum in units of 2⁻³²; this is what a store keeps.
  public var units: Int64

  private static let unitsPerOne = 4_294_967_296.0
  private static let largestTerm = 32_768.0

  /// A sum of so many units.
  public init(units: Int64 = 0) {
    self.units = units
  }

  /// A sum that was made elsewhere, rounded once; it may be larger than a term.
  public init(rounding sum: Double) {
    let units = (sum * Self.unitsPerOne).rounded()
    self.units = units.isNaN ? 0 : Int64(exactly: units) ?? (units > 0 ? .max : .min)
  }

  /// The sum of nothing.
  public static let zero = ExactSum()

  /// The sum as a number.
  public var value: Double { Double(units) / Self.unitsPerOne }

  /// Adds one term.
  public mutating func add(_ term: Double) {
    guard !term.isNaN else { return }
    let clamped = min(max(term, -Self.largestTerm), Self.largestTerm)
    self += ExactSum(units: Int64((clamped * Self.unitsPerOne).rounded()))
  }

  public static func += (left: inout ExactSum, right: ExactSum) {
    let (sum, overflow) = left.units.addingReportingOverflow(right.units)
    left.units = overflow ? (right.units > 0 ? .max : .min) : sum
  }
}
