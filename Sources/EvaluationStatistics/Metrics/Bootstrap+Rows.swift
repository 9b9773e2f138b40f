extension Bootstrap {
  /// The bands of many figures at once, each computed from the same sums over the same resamples.
  ///
  /// Several figures of thousands of dialogues over a thousand resamples then cost one pass of additions.
  ///
  /// - Parameters:
  ///   - rows: [units, width] counts, row-major: one row per dialogue.
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
    let values = figures(sums(of: rows, width: width, drawn: Array(0..<units)))
    var drawn = values.map { _ in [Double]() }
    for resample in 0..<resamples {
      let sums = sums(of: rows, width: width, drawn: draw(resample: resample, unitCount: units))
      for (index, figure) in figures(sums).enumerated() { drawn[index].append(figure) }
    }
    let tail = (1 - min(max(level, 0), 1)) / 2
    return zip(values, drawn).map { value, figures in
      let sorted = figures.sorted()
      return ConfidenceBand(
        value: value, lower: quantile(tail, ofSorted: sorted) ?? value,
        upper: quantile(1 - tail, ofSorted: sorted) ?? value)
    }
  }

  private func sums(of rows: [Int32], width: Int, drawn: [Int]) -> [Int] {
    var sums = [Int](repeating: 0, count: width)
    var totals = sums.mutableSpan
    let cells = rows.span
    for unit in drawn {
      let first = unit * width
      // As in `ConfusionCounts`: wrapping additions, so that the loop can be vectorised.
      for column in 0..<width { totals[column] &+= Int(cells[first + column]) }
    }
    return sums
  }
}
