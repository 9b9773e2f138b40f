/// Confidence bands by resampling whole dialogues with replacement; the same seed always draws the same resamples.
///
/// Utterances of a dialogue depend on each other, so dialogues, not utterances, are the units that are drawn. Draw k of
/// resample r is a hash of (seed, r, k): it depends on no earlier draw. Two curves over the same units with the same seed
/// are compared on the same resamples. Give the units in a fixed order, such as that of their names.
public struct Bootstrap: Sendable, Hashable {
  public var resamples: Int
  public var seed: UInt64

  public init(resamples: Int = 1000, seed: UInt64) {
    precondition(resamples >= 0, "a number of resamples is not negative")
    self.resamples = resamples
    self.seed = seed
  }

  /// The units drawn for one resample: `unitCount` indices, each below it.
  public func draw(resample: Int, unitCount: Int) -> [Int] {
    let key = mixed(seed ^ mixed(UInt64(resample) &+ 0x9E37_79B9_7F4A_7C15))
    return (0..<unitCount).map { index in
      let bits = mixed(key &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
      return Int(bits.multipliedFullWidth(by: UInt64(unitCount)).high)
    }
  }

  /// The band of a figure computed from a sum over units, such as the weighted F1 of summed confusion counts.
  ///
  /// - Parameters:
  ///   - units: one statistic per dialogue.
  ///   - level: the share of resamples between the band's ends.
  ///   - figure: the number to bound.
  ///
  /// Nil where there are no units or no resamples.
  public func band<Statistic: AdditiveStatistic>(
    of units: [Statistic], level: Double = 0.95, figure: (Statistic) -> Double
  ) -> ConfidenceBand? {
    guard !units.isEmpty, resamples > 0 else { return nil }
    let figures = (0..<resamples).map { resample in
      var sum = Statistic.zero
      for index in draw(resample: resample, unitCount: units.count) { sum += units[index] }
      return figure(sum)
    }.sorted()
    let tail = (1 - min(max(level, 0), 1)) / 2
    guard let lower = quantile(tail, ofSorted: figures), let upper = quantile(1 - tail, ofSorted: figures) else {
      return nil
    }
    return ConfidenceBand(value: figure(units.total()), lower: lower, upper: upper)
  }

  /// The output function of SplitMix64.
  private func mixed(_ value: UInt64) -> UInt64 {
    var bits = value &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

/// A figure with the ends of its confidence band.
public struct ConfidenceBand: Sendable, Hashable, Codable {
  /// The figure over all units, each once.
  public var value: Double
  public var lower: Double
  public var upper: Double

  public init(value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }
}
