import DialogueDomain
import EvaluationStatistics
import Presentation

/// What the probes found as tables of text, for a terminal: noise, its grid, imbalance and missing modalities.
///
/// Accuracy and weighted F1 are against the truth; where none is known, the tables count the labels that changed.
public struct ProbeTables: Sendable {
  private let statistics: ProbeStatistics
  private let shape: ProbeShape

  /// Nil for statistics of nothing.
  public init?(_ statistics: ProbeStatistics) {
    guard let shape = statistics.shape else { return nil }
    self.statistics = statistics
    self.shape = shape
  }

  /// Every table whose probe ran, one below the other.
  public var text: String { [noise, grid, imbalance, missing].compactMap { $0 }.joined(separator: "\n") }

  private var hasTruth: Bool { statistics.known > 0 }

  /// A mean over seeds with its deviation, as percentages: `68.6±0.4`; the deviation only where there are several.
  private func summary(_ values: [Double]) -> String {
    let summary = SeedSummary(values)
    return NumberText.percentage(summary?.mean, deviation: summary?.standardDeviation)
  }

  private func level(_ level: Double) -> String { NumberText.fixed(level, places: 1) + "σ" }
}

// MARK: - Noise

extension ProbeTables {
  /// The noise probe: the paper's Figure 7, extended to each modality alone; nil where it did not run.
  ///
  /// Weighted F1 where the truth is known, and in any case the share of labels that noise changed.
  public var noise: String? {
    guard shape.curvePoints > 0 else { return nil }
    let seeds = shape.plan.seeds.count
    var text = ""
    if hasTruth {
      text += "Weighted F1 under noise, %, mean and deviation over \(seeds) seeds (\(statistics.known) utterances)\n"
      text += curves(\.truth.weightedF1) + "\n"
    }
    text += "Labels changed by noise, %, mean and deviation over \(seeds) seeds "
    text += "(\(statistics.clean.clean.total) utterances)\n"
    return text + curves(\.clean.flipRate)
  }

  /// Rows are patterns, columns noise levels; the last column is the mean height of the curve.
  private func curves(_ figure: (PerturbationCounts) -> Double) -> String {
    let levels = shape.plan.levels
    var table = DataTable(header: ["noise on"] + levels.map(level) + ["mean"])
    for pattern in shape.patterns {
      let values = levels.indices.map { level in
        // The clean run has no seeds.
        (level == 0 ? 0..<1 : shape.plan.seeds.indices)
          .compactMap { statistics.noise(pattern, level: level, seed: $0) }.map(figure)
      }
      let curve = RobustnessCurve(
        levels: levels, scores: values.map { $0.reduce(0, +) / Double(max($0.count, 1)) })
      table.rows.append(
        [pattern.name] + values.map(summary)
          + [NumberText.percentage(curve.relativeRobustness / (levels.last ?? 1))])
    }
    return table.text
  }

  /// The noise grid: for every two modalities a plane of their noise levels, the third one clean, as in the heat maps of
  /// the paper's Figure 7; nil where it did not run, or the model has one modality only.
  public var grid: String? {
    guard statistics.grid.conditions > 0, shape.modalities.count > 1 else { return nil }
    let pairs = shape.modalities.indices.flatMap { row in
      shape.modalities.indices.dropFirst(row + 1).map { (row: row, column: $0) }
    }
    return pairs.map { plane($0.row, $0.column) }.joined(separator: "\n")
  }

  /// Weighted F1 where the truth is known, else the share of labels that noise changed; sums over seeds.
  private func plane(_ row: Int, _ column: Int) -> String {
    let levels = shape.plan.levels
    var table = DataTable(header: [shape.modalities[row].rawValue] + levels.map(level))
    for (place, rowLevel) in levels.enumerated() {
      let cells = levels.indices.map { other in
        var cell = [Int](repeating: 0, count: shape.modalities.count)
        (cell[row], cell[column]) = (place, other)
        let condition = shape.gridCondition(cell)
        return NumberText.percentage(
          hasTruth
            ? statistics.grid.weightedF1(condition: condition) ?? 0 : statistics.grid.flipRate(condition: condition))
      }
      table.rows.append([level(rowLevel)] + cells)
    }
    let names = "\(shape.modalities[row].rawValue) (rows) and \(shape.modalities[column].rawValue) (columns)"
    return "\(hasTruth ? "Weighted F1" : "Labels changed") with noise on \(names), %\n\(table.text)"
  }
}

// MARK: - Imbalance and missing modalities

extension ProbeTables {
  /// The imbalance probe: a summary over all weights, then a confusion matrix for each of the extreme ones as in the
  /// paper's Figure 8; nil where it did not run.
  ///
  /// Matrices are against the truth where it is known, else against the clean labels. Rows sum to 100.
  public var imbalance: String? {
    guard !statistics.extremes.isEmpty else { return nil }
    let extremes = Array(zip(shape.extremes, statistics.extremes.cells))
    var summary = DataTable(header: ["weights"] + (hasTruth ? ["accuracy", "weighted F1"] : []) + ["labels changed"])
    for (weights, counts) in extremes {
      let figures = hasTruth ? [counts.truth.accuracy, counts.truth.weightedF1] : []
      summary.rows.append([weights.name] + (figures + [counts.clean.flipRate]).map { NumberText.percentage($0) })
    }
    let names = shape.modalities.map(\.rawValue).joined(separator: "/")
    let matrices = extremes.map { weights, counts in
      "\nWeights \(weights.name)\n\(matrix(hasTruth ? counts.truth : counts.clean))"
    }
    return "Extreme fusion weights (\(names), %)\n\(summary.text)"
      + "\nRows are the \(hasTruth ? "true" : "clean") labels, columns the labels given, % of the row\n"
      + matrices.joined()
  }

  private func matrix(_ counts: ConfusionCounts) -> String {
    let shares = counts.rowShares
    let rows = shape.emotions.names.enumerated().map { index, name in
      [name] + shares[index * counts.classes..<(index + 1) * counts.classes].map { NumberText.percentage($0) }
        + [String(counts.support(of: index))]
    }
    return DataTable(header: [""] + shape.emotions.names + ["count"], rows: rows).text
  }

  /// The missing-modality probes: subsets (the paper's Table 4), random dropping and gaps; nil where they did not run.
  ///
  /// What was left or taken, then accuracy and weighted F1 where the truth is known, and labels changed.
  public var missing: String? {
    guard !statistics.subsets.isEmpty else { return nil }
    let seeds = shape.plan.seeds.indices
    var table = DataTable(
      header: ["modalities"] + (hasTruth ? ["accuracy", "weighted F1"] : []) + ["labels changed", "utterances"])
    func append(_ name: String, _ counts: [PerturbationCounts]) {
      guard let first = counts.first else { return }
      let figures = hasTruth ? [summary(counts.map(\.truth.accuracy)), summary(counts.map(\.truth.weightedF1))] : []
      table.rows.append([name] + figures + [summary(counts.map(\.clean.flipRate)), String(first.clean.total)])
    }
    for (subset, counts) in zip(shape.subsets, statistics.subsets.cells) {
      append(subset.map(\.rawValue).joined(separator: " + "), [counts])
    }
    for place in shape.differentRates {
      append(
        "\(whole(shape.plan.missingRates[place])) dropped at random",
        seeds.compactMap { statistics.dropped(rate: place, seed: $0) })
    }
    for modality in shape.modalities {
      append(
        "gap of \(whole(shape.plan.gapShare)) in \(modality.rawValue)",
        seeds.compactMap { statistics.gap(modality, seed: $0) })
    }
    let most = 1 - 1 / Double(max(shape.modalities.count, 1))
    let isBounded = shape.plan.missingRates.contains { $0 > most }
    return "Missing modalities, %, mean and deviation over seeds\n" + table.text
      + (isBounded ? "Every utterance keeps a modality: no more than \(whole(most)) can be dropped at random.\n" : "")
  }

  private func whole(_ share: Double) -> String { NumberText.percent(share, places: 0) }
}
