import DialogueDomain

/// Confidence bands by resampling whole dialogues with replacement; the same seed always draws the same resamples.
///
/// Utterances of a dialogue depend on each other, so dialogues, not utterances, are the units that are drawn. Draw k of
/// resample r is a hash of (seed, r, k): it depends on no earlier draw. Two curves over the same units with the same seed
/// are compared on the same resamples. Give the units in a fixed order, such as that of their names.
public struct Bootstrap: Sendable, Hashable {
  /// How many samples are drawn.
  public var resamples: Int
  /// What the draws follow from.
  public var seed: UInt64

  /// A bootstrap that gives the same for the same seed.
  public init(resamples: Int = 1000, seed: UInt64) {
    precondition(resamples >= 0, "a number of resamples is not negative")
    self.resamples = resamples
    self.seed = seed
  }

  /// The units drawn for one resample: `unitCount` indices, each below it.
  public func draw(resample: Int, unitCount: Int) -> [Int] {
    let key = SplitMix64.mixed(seed ^ SplitMix64.mixed(UInt64(resample) &+ 0x9E37_79B9_7F4A_7C15))
    return (0..<unitCount).map { index in
      let bits = SplitMix64.mixed(key &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
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
}

extension ConfusionCounts {
  /// Where the weighted F1 of some dialogues lies for 95 % of draws of as many, with replacement; nil over fewer than two.
  public static func weightedF1Band(_ dialogues: [ConfusionCounts]) -> ConfidenceBand? {
    guard dialogues.count > 1 else { return nil }
    let classes = dialogues.lazy.map(\.classes).max() ?? 0
    let rows = dialogues.flatMap { counts in
      counts.classes == 0 ? [Int32](repeating: 0, count: classes * classes) : counts.cells.map(Int32.init(clamping:))
    }
    guard classes > 0 else { return Bootstrap(seed: 1).band(of: dialogues, figure: \.weightedF1) }
    return Bootstrap(seed: 1).bands(ofRows: rows, width: classes * classes) { sums in
      [ConfusionCounts(classes: classes, cells: sums)?.weightedF1 ?? 0]
    }.first
  }
}

/// A figure with the ends of its confidence band.
public struct ConfidenceBand: Sendable, Hashable, Codable {
  /// The figure over all units, each once.
  public var value: Double
  /// The interval's lower end.
  public var lower: Double
  /// The interval's upper end.
  public var upper: Double

  /// A value with its interval.
  public init(value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }
}

extension Bootstrap {
  /// The bands of many figures at once, each computed from the same sums over the same resamples.
  ///
  /// Several figures of thousands of dialogues over a thousand resamples then cost one pass of additions.
  ///
  /// - Parameters:
  ///   - rows: [units, width] counts, row-major, none negative: one row per dialogue.
  ///   - level: the share of resamples between a band's ends.
  ///   - figures: the numbers to bound, out of the sums of each column; always as many.
  ///
  /// Empty where there are no units or no resamples.
  public func bands(
    ofRows rows: [Int32], width: Int, level: Double = 0.95, figures: ([Int]) -> [Double]
  ) -> [ConfidenceBand] {
    precondition(width > 0 && rows.count.isMultiple(of: width), "rows of one width")
    let units = rows.count / width
    guard units > 0, resamples > 0 else { return [] }
    let sums = UnitRows(rows, width: width)
    let values = figures(sums.total(Array(0..<units)))
    var drawn = values.map { _ in [Double]() }
    for resample in 0..<resamples {
      let sum = sums.total(draw(resample: resample, unitCount: units))
      for (index, figure) in figures(sum).enumerated() { drawn[index].append(figure) }
    }
    let tail = (1 - min(max(level, 0), 1)) / 2
    return zip(values, drawn).map { value, figures in
      let sorted = figures.sorted()
      return ConfidenceBand(
        value: value, lower: quantile(tail, ofSorted: sorted) ?? value,
        upper: quantile(1 - tail, ofSorted: sorted) ?? value)
    }
  }
}

/// The `share` quantile of ascending values, interpolated linearly between neighbours; nil where there are none.
func quantile(_ share: Double, ofSorted values: [Double]) -> Double? {
  guard let last = values.indices.last else { return nil }
  let position = min(max(share, 0), 1) * Double(last)
  let lower = Int(position)
  let upper = min(lower + 1, last)
  return values[lower] + (position - Double(lower)) * (values[upper] - values[lower])
}
