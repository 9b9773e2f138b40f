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

  public init(units: Int64 = 0) {
    self.units = units
  }

  /// A sum that was made elsewhere, rounded once; it may be larger than a term.
  public init(rounding sum: Double) {
    let units = (sum * Self.unitsPerOne).rounded()
    self.units = units.isNaN ? 0 : Int64(exactly: units) ?? (units > 0 ? .max : .min)
  }

  public static let zero = ExactSum()

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
