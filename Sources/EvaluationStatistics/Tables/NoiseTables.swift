import DialogueDomain
import Foundation

/// The noise probe as text: the paper's Figure 7, extended to each modality alone.
public struct NoiseTables: Sendable {
  private let statistics: ProbeStatistics
  private let shape: ProbeShape

  /// Nil where no noise probe ran.
  public init?(_ statistics: ProbeStatistics) {
    guard let shape = statistics.shape, shape.curvePoints > 0 else { return nil }
    self.statistics = statistics
    self.shape = shape
  }

  /// The curves of a figure over the noise levels, each value the mean over seeds.
  public func curve(
    _ pattern: NoisePattern, _ figure: (PerturbationCounts) -> Double
  ) -> RobustnessCurve {
    RobustnessCurve(
      levels: shape.plan.levels,
      scores: shape.plan.levels.indices.map { level in
        let values = values(pattern, level, figure)
        return values.reduce(0, +) / Double(max(values.count, 1))
      })
  }

  /// Weighted F1 where the truth is known, and in any case the share of labels that noise changed.
  public var text: String {
    let seeds = shape.plan.seeds.count
    var text = ""
    if statistics.known > 0 {
      text += "Weighted F1 under noise, %, mean and deviation over \(seeds) seeds (\(statistics.known) utterances)\n"
      text += table {
        $0.truth.weightedF1
      } area: {
        percent($0.relativeRobustness / (shape.plan.levels.last ?? 1))
      }
      text += "\n"
    }
    text += "Labels changed by noise, %, mean and deviation over \(seeds) seeds "
    text += "(\(statistics.clean.clean.total) utterances)\n"
    text += table {
      $0.clean.flipRate
    } area: {
      percent($0.relativeRobustness / (shape.plan.levels.last ?? 1))
    }
    return text
  }

  /// Rows are patterns, columns noise levels; the last column is the mean height of the curve.
  private func table(
    _ figure: (PerturbationCounts) -> Double, area: (RobustnessCurve) -> String
  ) -> String {
    var table = TextTable(header: ["noise on"] + shape.plan.levels.map { String(format: "%.1fσ", $0) } + ["mean"])
    for pattern in shape.patterns {
      table.append(
        [pattern.name] + shape.plan.levels.indices.map { percent(values(pattern, $0, figure)) }
          + [area(curve(pattern, figure))])
    }
    return table.text
  }

  /// The figure of each seed; of the clean run once.
  private func values(
    _ pattern: NoisePattern, _ level: Int, _ figure: (PerturbationCounts) -> Double
  ) -> [Double] {
    let seeds = level == 0 ? 0..<1 : shape.plan.seeds.indices
    return seeds.compactMap { statistics.noise(pattern, level: level, seed: $0) }.map(figure)
  }
}
