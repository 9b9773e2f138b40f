/// The next whole number up, where a product of fractions that should be whole, such as 0.7·10, counts as whole.
func ceiling(_ value: Double) -> Double {
  (value - 1e-9 * max(1, value.magnitude)).rounded(.up)
}

/// The `share` quantile of ascending values, interpolated linearly between neighbours; nil where there are none.
func quantile(_ share: Double, ofSorted values: [Double]) -> Double? {
  guard let last = values.indices.last else { return nil }
  let position = min(max(share, 0), 1) * Double(last)
  let lower = Int(position)
  let upper = min(lower + 1, last)
  return values[lower] + (position - Double(lower)) * (values[upper] - values[lower])
}
