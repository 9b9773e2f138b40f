import EvaluationStatistics

/// Every cell of an experiment over its seeds, and how it differs from its base on the same seeds.
public struct Comparison: Sendable {
  /// One seed's figures in one cell.
  public struct Seed: Sendable {
    /// The seed.
    public let seed: UInt64
    /// The epoch that was chosen.
    public let bestEpoch: Int
    /// Share of utterances that are labelled right.
    public let accuracy: Double
    /// F1 averaged over classes by support.
    public let weightedF1: Double
    /// F1 averaged over classes, all alike.
    public let macroF1: Double
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
        (cell.name, (results[cell.arm] ?? []).compactMap { Seed($0, shortest: cell.shortest) })
      })
    rows = plan.cells.compactMap { cell in
      let own = figures[cell.name] ?? []
      let base = Dictionary(uniqueKeysWithValues: (figures[cell.base] ?? []).map { ($0.seed, $0) })
      func difference(_ value: (Seed) -> Double) -> SeedSummary? {
        cell.isBase ? nil : SeedSummary(own.compactMap { seed in base[seed.seed].map { value(seed) - value($0) } })
      }
      guard let accuracy = SeedSummary(own.map(\.accuracy)), let weightedF1 = SeedSummary(own.map(\.weightedF1)) else {
        return nil
      }
      return Row(
        cell: cell, seeds: own, accuracy: accuracy, weightedF1: weightedF1,
        accuracyDifference: difference(\.accuracy), weightedF1Difference: difference(\.weightedF1))
    }
  }
}

extension Comparison.Seed {
  /// Nil where the result has no figures at that length.
  init?(_ result: SeedResult, shortest: Int) {
    guard let figures = result.figures.first(where: { $0.shortest == shortest }) else { return nil }
    self.init(
      seed: result.seed, bestEpoch: result.bestEpoch, accuracy: figures.accuracy, weightedF1: figures.weightedF1,
      macroF1: figures.macroF1)
  }
}
