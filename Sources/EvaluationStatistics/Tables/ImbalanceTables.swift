import DialogueDomain
import Foundation

/// The imbalance probe as text: a summary, and one confusion matrix for each of the extreme weights as in the paper's
/// Figure 8.
public struct ImbalanceTables: Sendable {
  private let statistics: ProbeStatistics
  private let shape: ProbeShape

  /// Nil where no imbalance probe ran.
  public init?(_ statistics: ProbeStatistics) {
    guard let shape = statistics.shape, !statistics.extremes.isEmpty else { return nil }
    self.statistics = statistics
    self.shape = shape
  }

  /// The summary over all weights, then the matrices.
  ///
  /// Matrices are against the truth where it is known, else against the clean labels. Rows sum to 100.
  public var text: String {
    let hasTruth = statistics.known > 0
    let names = shape.modalities.map(\.rawValue).joined(separator: "/")
    var text = "Extreme fusion weights (\(names), %)\n\(summary(hasTruth: hasTruth))"
    text += "\nRows are the \(hasTruth ? "true" : "clean") labels, columns the labels given, % of the row\n"
    for (weights, counts) in zip(shape.extremes, statistics.extremes.cells) {
      text += "\nWeights \(weights.name)\n\(matrix(hasTruth ? counts.truth : counts.clean))"
    }
    return text
  }

  private func summary(hasTruth: Bool) -> String {
    var table = TextTable(header: ["weights"] + (hasTruth ? ["accuracy", "weighted F1"] : []) + ["labels changed"])
    for (weights, counts) in zip(shape.extremes, statistics.extremes.cells) {
      let figures = hasTruth ? [percent(counts.truth.accuracy), percent(counts.truth.weightedF1)] : []
      table.append([weights.name] + figures + [percent(counts.clean.flipRate)])
    }
    return table.text
  }

  private func matrix(_ counts: ConfusionCounts) -> String {
    var table = TextTable(header: [""] + shape.emotions.names + ["count"])
    let shares = counts.rowShares
    for (index, name) in shape.emotions.names.enumerated() {
      let row = shares[index * counts.classes..<(index + 1) * counts.classes]
      table.append([name] + row.map { percent($0) } + [String(counts.support(of: index))])
    }
    return table.text
  }
}
