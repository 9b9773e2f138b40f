import EvaluationStatistics

/// Every cell of an experiment over its seeds, and how it differs from its base on the same seeds.
public struct Comparison: Sendable {
  /// One seed's figures in one cell.
  public struct Seed: Sendable {
    public let seed: UInt64
    public let bestEpoch: Int
    public let accuracy: Double
    public let weightedF1: Double
    public let macroF1: Double
  }

  /// A cell's seeds and their summaries, as shares of 1.
  public struct Row: Sendable {
    public let cell: Cell
    public let seeds: [Seed]
    public let accuracy: SeedSummary
    public let weightedF1: SeedSummary
    /// Cell less base, seed by seed; nil for a base.
    public let accuracyDifference: SeedSummary?
    public let weightedF1Difference: SeedSummary?
  }

  public let plan: ExperimentPlan
  public let seeds: [UInt64]
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
