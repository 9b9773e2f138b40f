import Dialogue
import Metrics

/// What the probes found as records for programs: one per condition, flat, in the order of the shape.
///
/// Encoded to JSON by `ambtrain evaluate --probes --format json`, whose manual lists the keys.
public struct ProbeFigures: Encodable, Sendable {
  /// What became of the labels under one condition.
  public struct Figures: Encodable, Sendable {
    /// Nil where no truth is known, as is the next.
    public let accuracy: Double?
    public let weightedF1: Double?
    /// Share of labels that differ from the clean ones.
    public let changed: Double

    private enum CodingKeys: String, CodingKey {
      case accuracy
      case weightedF1 = "weighted_f1"
      case changed
    }

    init(_ counts: PerturbationCounts) {
      accuracy = counts.truth.total > 0 ? counts.truth.accuracy : nil
      weightedF1 = counts.truth.total > 0 ? counts.truth.weightedF1 : nil
      changed = counts.clean.flipRate
    }

    init(_ tallies: LabelTallies, _ condition: Int) {
      accuracy = tallies.accuracy(condition: condition)
      weightedF1 = tallies.weightedF1(condition: condition)
      changed = tallies.flipRate(condition: condition)
    }
  }

  /// One run of the noise probe (Figure 7): which modalities are noisy, how much, by which seed.
  public struct Noise: Encodable, Sendable {
    /// `all`, or a modality's name.
    public let on: String
    public let level: Double
    /// Nil for the clean run, which no seed changes.
    public let seed: UInt64?
    public let figures: Figures
  }

  /// One cell of the noise grid, over all seeds.
  public struct GridCell: Encodable, Sendable {
    /// Noise level of each modality.
    public let levels: [String: Double]
    public let figures: Figures
  }

  /// One point of fusion weights; the extreme ones (Figure 8) with counts.
  public struct Imbalance: Encodable, Sendable {
    public let weights: [String: Double]
    public let figures: Figures
    /// Counts, clean labels in rows.
    public let clean: [[Int]]?
    /// Counts, true labels in rows; nil where no truth is known.
    public let truth: [[Int]]?
  }

  /// One way of leaving modalities out.
  public struct Missing: Encodable, Sendable {
    /// `subset`, `dropped` at random, or `gap`.
    public let kind: String
    /// What is left of a subset, or where the gap is.
    public let modalities: [String]?
    public let rate: Double?
    public let seed: UInt64?
    public let figures: Figures
  }

  public let utterances: Int
  /// Labels whose truth is known.
  public let known: Int
  public let modalities: [String]
  public let plan: ProbePlan
  public let noise: [Noise]
  public let grid: [GridCell]
  public let imbalance: [Imbalance]
  public let simplex: [Imbalance]
  public let missing: [Missing]

  /// Nil for statistics of nothing.
  public init?(_ statistics: ProbeStatistics) {
    guard let shape = statistics.shape else { return nil }
    utterances = statistics.utterances
    known = statistics.known
    modalities = shape.modalities.map(\.rawValue)
    plan = shape.plan
    noise = Self.noise(statistics, shape)
    grid =
      statistics.grid.conditions == 0
      ? []
      : shape.gridCells.enumerated().map { condition, cell in
        GridCell(
          levels: Self.named(
            Dictionary(uniqueKeysWithValues: zip(shape.modalities, cell.map { shape.plan.levels[$0] }))),
          figures: Figures(statistics.grid, condition))
      }
    imbalance = zip(shape.extremes, statistics.extremes.cells).map { weights, counts in
      Imbalance(
        weights: Self.named(weights.shares), figures: Figures(counts), clean: counts.clean.rows,
        truth: counts.truth.total > 0 ? counts.truth.rows : nil)
    }
    simplex =
      statistics.simplex.conditions == 0
      ? []
      : shape.simplex.enumerated().map { condition, weights in
        Imbalance(
          weights: Self.named(weights.shares), figures: Figures(statistics.simplex, condition), clean: nil, truth: nil)
      }
    missing = Self.missing(statistics, shape)
  }

  private static func noise(_ statistics: ProbeStatistics, _ shape: ProbeShape) -> [Noise] {
    shape.patterns.flatMap { pattern in
      shape.plan.levels.enumerated().flatMap { index, level in
        (index == 0 ? 0..<1 : shape.plan.seeds.indices).compactMap { seed in
          statistics.noise(pattern, level: index, seed: seed).map {
            Noise(
              on: pattern.name, level: level, seed: index == 0 ? nil : shape.plan.seeds[seed], figures: Figures($0))
          }
        }
      }
    }
  }

  private static func missing(_ statistics: ProbeStatistics, _ shape: ProbeShape) -> [Missing] {
    let seeds = shape.plan.seeds
    let subsets = zip(shape.subsets, statistics.subsets.cells).map { subset, counts in
      Missing(
        kind: "subset", modalities: subset.map(\.rawValue), rate: nil, seed: nil, figures: Figures(counts))
    }
    let dropped = shape.plan.missingRates.enumerated().flatMap { index, rate in
      seeds.indices.compactMap { seed in
        statistics.dropped(rate: index, seed: seed).map {
          Missing(kind: "dropped", modalities: nil, rate: rate, seed: seeds[seed], figures: Figures($0))
        }
      }
    }
    let gaps = shape.modalities.flatMap { modality in
      seeds.indices.compactMap { seed in
        statistics.gap(modality, seed: seed).map {
          Missing(
            kind: "gap", modalities: [modality.rawValue], rate: shape.plan.gapShare, seed: seeds[seed],
            figures: Figures($0))
        }
      }
    }
    return subsets + dropped + gaps
  }

  private static func named(_ values: [Modality: Double]) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
  }
}

extension ConfusionCounts {
  fileprivate var rows: [[Int]] {
    (0..<classes).map { truth in (0..<classes).map { self[truth: truth, predicted: $0] } }
  }
}
