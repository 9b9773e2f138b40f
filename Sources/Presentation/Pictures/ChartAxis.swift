import Foundation

/// Values along one side of a picture, with round numbers to label.
struct ChartAxis {
  let ticks: [Double]
  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double

  /// - Parameter range: from where to where, instead of the least and the most of the values.
  init(_ values: [Double], range: ClosedRange<Double>? = nil, from start: Double, to end: Double) {
    let least = range?.lowerBound ?? values.min() ?? 0
    let most = max(range?.upperBound ?? values.max() ?? 1, least + 1e-6)
    let rough = (most - least) / 6.5
    let power = pow(10, floor(log10(rough)))
    let round = ([1, 2, 5, 10].first { $0 * power >= rough * (1 - 1e-9) } ?? 10) * power
    // Between whole numbers, such as epochs, there is nothing to label.
    let step = values.contains { $0 != $0.rounded() } || range != nil ? round : max(round, 1)
    let first = (least / step).rounded(.down)
    ticks = (0...8).map { (first + Double($0)) * step }.filter {
      $0 >= least - step * 1e-9 && $0 <= most + step * 1e-9
    }
    low = least
    high = most
    self.start = start
    self.end = end
  }

  func place(_ value: Double) -> Double {
    start + (value - low) / (high - low) * (end - start)
  }
}
