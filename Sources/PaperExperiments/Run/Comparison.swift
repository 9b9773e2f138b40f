import EvaluationStatistics

/// Every cell of an experiment over its seeds, and how it differs from its base on the same seeds.
public struct Comparison: Sendable {
  /// One seed's figures in one cell.
  public struct Seed: Sendable {
    /// The seed.
    public let seed: UInt64
    /// The epoch that was chosen.
    public let bestEpoch: Int
    /// Truth against label.
    public let confusion: ConfusionCounts
    /// Share of utterances that are labelled right.
    public var accuracy: Double { confusion.accuracy }
    /// F1 averaged over classes by support.
    public var weightedF1: Double { confusion.weightedF1 }
    /// F1 averaged over classes, all alike.
    public var macroF1: Double { confusion.macroF1 }
  }

  /// A cell's seeds and their summaries, as shares of 1.
  public struct Row: Sendable {
    /// What is compared.
    public let cell: Cell
    /// Each seed's figures.
    public let seeds: [Seed]
    /// Over the seeds.
    public let accuracy: SeedSummary
    /// Over the seeds.
    public let weightedF1: SeedSummary
    /// Over the seeds; precision averaged over classes by support.
    public let weightedPrecision: SeedSummary
    /// Cell less base, seed by seed; nil for a base.
    public let accuracyDifference: SeedSummary?
    /// Cell less base, seed by seed; nil for a base.
    public let weightedF1Difference: SeedSummary?
  }

  /// What was trained and compared.
  public let plan: ExperimentPlan
  /// The same for every arm.
  public let seeds: [UInt64]
  /// A row a cell.
  public let rows: [Row]

  init(_ plan: ExperimentPlan, seeds: [UInt64], results: [String: [SeedResult]]) {
    self.plan = plan
    self.seeds = seeds
    let figures = Dictionary(
      uniqueKeysWithValues: plan.cells.map { cell in
        (cell.name, (results[cell.arm] ?? []).compactMap { Seed($0, under: cell.condition) })
      })
    rows = plan.cells.compactMap { cell in
      let own = figures[cell.name] ?? []
      let base = Dictionary(uniqueKeysWithValues: (figures[cell.base] ?? []).map { ($0.seed, $0) })
      func difference(_ value: (Seed) -> Double) -> SeedSummary? {
        cell.isBase ? nil : SeedSummary(own.compactMap { seed in base[seed.seed].map { value(seed) - value($0) } })
      }
      guard let accuracy = SeedSummary(own.map(\.accuracy)), let weightedF1 = SeedSummary(own.map(\.weightedF1)),
        let precision = SeedSummary(own.map(\.confusion.weightedPrecision))
      else { return nil }
      return Row(
        cell: cell, seeds: own, accuracy: accuracy, weightedF1: weightedF1, weightedPrecision: precision,
        accuracyDifference: difference(\.accuracy), weightedF1Difference: difference(\.weightedF1))
    }
  }
}

extension Comparison.Seed {
  /// Nil where the result has no figures under that condition.
  init?(_ result: SeedResult, under condition: EvaluationCondition) {
    guard let figures = result.figures.first(where: { $0.condition == condition }) else { return nil }
    self.init(seed: result.seed, bestEpoch: result.bestEpoch, confusion: figures.confusion)
  }
}
