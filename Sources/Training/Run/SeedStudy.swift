import Dialogue
import Foundation
import Metrics
import Storage

/// The same training on several seeds: what of its figures is the recipe's and what is chance.
public struct SeedStudy: Sendable {
  /// One seed's model and its figures.
  public struct Run: Sendable {
    public let trained: TrainedModel
    /// On test data that chose nothing; nil where there is none.
    public let test: Evaluation?

    /// What the study reports: the test's figures where there are any, else those of validation.
    public var reported: Evaluation { test ?? trained.evaluation }
  }

  public let runs: [Run]

  public init(runs: [Run]) {
    self.runs = runs
  }

  /// Trains one model a seed, each with a checkpoint folder of its own, `seed-<n>`.
  ///
  /// Resumed, seeds that have finished are read back from their last checkpoint and cost nothing.
  ///
  /// - Parameters:
  ///   - folder: holds the seeds' checkpoint folders.
  ///   - test: labelled data to measure each model on.
  ///   - trainer: the training of a seed.
  /// - Returns: nil where it was asked to stop.
  public static func run(
    seeds: [UInt64], folder: URL, isResumed: Bool = false, test: TrainingData? = nil, threads: Int,
    isStopped: () -> Bool = { false }, observe: (_ seed: UInt64, _ event: TrainingEvent) -> Void = { _, _ in },
    trainer: (_ seed: UInt64) throws -> Trainer
  ) throws -> SeedStudy? {
    var runs: [Run] = []
    for seed in seeds {
      let place = folder.appendingPathComponent("seed-\(seed)")
      let hasCheckpoint = FileManager.default.fileExists(atPath: place.appendingPathComponent("checkpoint.json").path)
      let outcome = try trainer(seed).run(
        folder: place, isResumed: isResumed && hasCheckpoint, isStopped: isStopped,
        observe: { observe(seed, $0) })
      guard case .finished(let trained) = outcome else { return nil }
      runs.append(Run(trained: trained, test: try test.map { try Evaluation(trained.model, $0, threads: threads) }))
    }
    return SeedStudy(runs: runs)
  }

  /// Mean, deviation and 95 % interval of a figure; nil of no runs.
  public func summary(_ figure: (Evaluation) -> Double) -> SeedSummary? {
    SeedSummary(runs.map { figure($0.reported) })
  }

  /// One line a seed, then mean, deviation and interval, in per cent.
  public var table: String {
    let figures: [(name: String, value: (Evaluation) -> Double)] = [
      ("accuracy", \.accuracy), ("weighted F1", \.weightedF1), ("macro F1", \.macroF1),
    ]
    func percent(_ value: Double) -> String { String(format: "%.2f", 100 * value).padded(to: 14, right: true) }
    var lines = ["seed".padded(to: 10) + figures.map { $0.name.padded(to: 14, right: true) }.joined()]
    for run in runs {
      lines.append("\(run.trained.seed)".padded(to: 10) + figures.map { percent($0.value(run.reported)) }.joined())
    }
    let summaries = figures.compactMap { summary($0.value) }
    lines.append("mean".padded(to: 10) + summaries.map { percent($0.mean) }.joined())
    if runs.count > 1 {
      lines.append("deviation".padded(to: 10) + summaries.map { percent($0.standardDeviation ?? 0) }.joined())
      lines.append("95 % ±".padded(to: 10) + summaries.map { percent($0.halfWidth ?? 0) }.joined())
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every seed's figures and their summaries.
  public var json: JSONValue {
    func entry(_ figure: (Evaluation) -> Double) -> JSONValue {
      guard let summary = summary(figure) else { return .null }
      var object: [String: JSONValue] = ["mean": .number(summary.mean)]
      object["standard_deviation"] = summary.standardDeviation.map(JSONValue.number)
      object["half_width_95"] = summary.halfWidth.map(JSONValue.number)
      return .object(object)
    }
    return .object([
      "seeds": .array(
        runs.map { run in
          .object(["seed": .integer(Int(truncatingIfNeeded: run.trained.seed)), "figures": run.reported.json])
        }),
      "accuracy": entry(\.accuracy), "weighted_f1": entry(\.weightedF1), "macro_f1": entry(\.macroF1),
    ])
  }
}
