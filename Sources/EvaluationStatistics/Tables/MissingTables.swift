import DialogueDomain
import Foundation

/// The missing-modality probes as text: subsets (the paper's Table 4), random dropping and gaps.
public struct MissingTables: Sendable {
  private let statistics: ProbeStatistics
  private let shape: ProbeShape

  /// Nil where no missing-modality probe ran.
  public init?(_ statistics: ProbeStatistics) {
    guard let shape = statistics.shape, !statistics.subsets.isEmpty else { return nil }
    self.statistics = statistics
    self.shape = shape
  }

  /// One table: what was left or taken, then accuracy and weighted F1 where the truth is known, and labels changed.
  public var text: String {
    let hasTruth = statistics.known > 0
    var table = TextTable(
      header: ["modalities"] + (hasTruth ? ["accuracy", "weighted F1"] : []) + ["labels changed", "utterances"])
    func append(_ name: String, _ counts: [PerturbationCounts]) {
      guard let first = counts.first else { return }
      let figures =
        hasTruth ? [percent(counts.map(\.truth.accuracy)), percent(counts.map(\.truth.weightedF1))] : []
      table.append([name] + figures + [percent(counts.map(\.clean.flipRate)), String(first.clean.total)])
    }
    for (subset, counts) in zip(shape.subsets, statistics.subsets.cells) {
      append(subset.map(\.rawValue).joined(separator: " + "), [counts])
    }
    for (index, rate) in shape.plan.missingRates.enumerated() {
      append(
        "\(whole(rate)) dropped at random",
        shape.plan.seeds.indices.compactMap { statistics.dropped(rate: index, seed: $0) })
    }
    for modality in shape.modalities {
      append(
        "gap of \(whole(shape.plan.gapShare)) in \(modality.rawValue)",
        shape.plan.seeds.indices.compactMap { statistics.gap(modality, seed: $0) })
    }
    let most = 1 - 1 / Double(max(shape.modalities.count, 1))
    let isBounded = shape.plan.missingRates.contains { $0 > most }
    return "Missing modalities, %, mean and deviation over seeds\n" + table.text
      + (isBounded ? "Every utterance keeps a modality: no more than \(whole(most)) can be dropped at random.\n" : "")
  }

  private func whole(_ share: Double) -> String {
    String(format: "%.0f %%", 100 * share)
  }
}
