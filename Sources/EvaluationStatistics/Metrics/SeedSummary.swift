/// Mean, spread and 95 % interval of one figure over several training seeds.
public struct SeedSummary: Sendable, Hashable, Codable {
  /// Number of seeds.
  public let count: Int
  /// The mean over the seeds.
  public let mean: Double
  /// Sample standard deviation, with n − 1; nil for one seed.
  public let standardDeviation: Double?
  /// Half the width of the interval: t_{0.975, n−1}·s/√n; nil for one seed.
  public let halfWidth: Double?

  /// Nil where there are no values.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    guard values.count > 1 else {
      standardDeviation = nil
      halfWidth = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(values.count - 1)).squareRoot()
    standardDeviation = deviation
    halfWidth = Self.studentQuantile(degreesOfFreedom: values.count - 1) * deviation / Double(values.count).squareRoot()
  }

  /// The 95 % interval of the mean; nil for one seed.
  public var interval: ClosedRange<Double>? {
    guard let halfWidth, halfWidth.isFinite else { return nil }
    return (mean - halfWidth)...(mean + halfWidth)
  }

  /// t_{0.975, ν}: from the table up to ν = 30, beyond that by the Cornish–Fisher expansion, which is exact to 2e-6 there.
  static func studentQuantile(degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom > 0, "a t-distribution has at least one degree of freedom")
    if degreesOfFreedom <= table.count { return table[degreesOfFreedom - 1] }
    let v = Double(degreesOfFreedom)
    let z = 1.959963984540054
    let z2 = z * z
    let g1 = z * (z2 + 1) / 4
    let g2 = z * (5 * z2 * z2 + 16 * z2 + 3) / 96
    let g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384
    return z + g1 / v + g2 / (v * v) + g3 / (v * v * v)
  }

  private static let table: [Double] = [
    12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119,
    2.3646243, 2.3060041, 2.2621572, 2.2281389, 2.2009852, 2.1788128,
    2.1603687, 2.1447867, 2.1314495, 2.1199053, 2.1098156, 2.1009220,
    2.0930241, 2.0859634, 2.0796138, 2.0738731, 2.0686576, 2.0638986,
    2.0595386, 2.0555294, 2.0518305, 2.0484071, 2.0452296, 2.0422725,
  ]
}
