/// Numbers in label files: six decimals, a point, no locale: the same bytes on every machine.
enum LabelNumber {
  /// The number as text; nil where there is none to write (absent, infinite, not a number).
  static func text(_ value: Double?) -> String? {
    guard let value, value.isFinite else { return nil }
    let scaled = (value * 1e6).rounded(.toNearestOrEven)
    // Beyond the whole numbers a Double holds exactly, six decimals would be invented.
    guard abs(scaled) < 9_007_199_254_740_992 else { return value.description }
    let units = Int64(scaled)
    let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    let decimals = String(rest)
    let padding = String(repeating: "0", count: 6 - decimals.count)
    return (units < 0 ? "-" : "") + "\(whole).\(padding)\(decimals)"
  }
}
