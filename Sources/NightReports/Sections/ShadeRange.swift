/// What the faintest and the deepest shade of a map of shares stand for.
///
/// At least ten points apart, so that differences within the noise do not look like a landscape.
struct ShadeRange {
  private let least: Double
  private let most: Double

  private static let leastSpan = 0.1

  init(_ values: [Double]) {
    most = max(values.max() ?? 1, Self.leastSpan)
    least = min(values.min() ?? 0, most - Self.leastSpan)
  }

  func shade(_ value: Double) -> Double { (value - least) / (most - least) }
}
