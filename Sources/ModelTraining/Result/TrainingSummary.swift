import EvaluationStatistics
import Presentation

/// What came of a training, as text: one model's tables, or several models' means and intervals.
public struct TrainingSummary: Sendable {
  private let results: [TrainingSession.Result]

  /// The summary of one session's models.
  public init(_ results: [TrainingSession.Result]) { self.results = results }

  /// The text, with a line end.
  public var text: String {
    let lines = results.count == 1 ? results.flatMap(tables) : comparison
    return lines.joined(separator: "\n") + "\n"
  }

  private func tables(_ result: TrainingSession.Result) -> [String] {
    var lines: [String] = []
    if let heldOut = result.heldOut { lines += ["\(Self.heading(result.origin)):", heldOut.table] }
    if let test = result.test { lines += ["On the test data:", test.table] }
    return lines + members(result) + result.advice + ["The model lies in \(result.directory.path)"]
  }

  private static func heading(_ origin: HeldOut.Origin?) -> String {
    switch origin {
    case .folds: "On the training dialogues, each out of one fold's training"
    case .test: "On the test data, which chose the epoch"
    case .validation, nil: "On the dialogues that were held out of training"
    }
  }

  /// What a set's members come to alone, what the set does, and what a network that it taught keeps of that.
  private func members(_ result: TrainingSession.Result) -> [String] {
    guard let set = result.teacher ?? result.test ?? result.heldOut, let summary = Self.summary(result.members) else {
      return []
    }
    let gain = 100 * set.weightedF1 - summary.mean
    var lines = [
      "Weighted F1 of the \(summary.count) networks: mean \(Self.number(summary.mean)) %, standard deviation "
        + "\(Self.number(summary.standardDeviation)); of the set: \(Self.number(100 * set.weightedF1)) % "
        + "(\(NumberText.fixed(gain, places: 2, signed: true)))"
    ]
    if let taught = result.test ?? result.heldOut, result.teacher != nil {
      lines.append(
        "Of the network that it taught: \(Self.number(100 * taught.weightedF1)) % "
          + "(\(NumberText.fixed(100 * (taught.weightedF1 - set.weightedF1), places: 2, signed: true)))")
    }
    return lines
  }

  private static func summary(_ evaluations: [Evaluation]) -> SeedSummary? {
    SeedSummary(evaluations.map { 100 * $0.weightedF1 })
  }

  private static func number(_ value: Double?) -> String { NumberText.fixed(value, places: 2) }

  private var comparison: [String] {
    let held = (results.first?.origin ?? .validation).rawValue
    var lines = results.map { seedLine($0, held) }
    lines += averages(held, results.compactMap(\.heldOut)) + averages("test", results.compactMap(\.test))
    let best = results.max { $0.heldOut?.weightedF1 ?? 0 < $1.heldOut?.weightedF1 ?? 0 }
    if let best { lines.append("The best on \(held) lies in \(best.directory.path)") }
    return lines
  }

  private func seedLine(_ result: TrainingSession.Result, _ held: String) -> String {
    func figures(_ name: String, _ evaluation: Evaluation?) -> String {
      guard let evaluation else { return "" }
      return "  \(name) weighted F1 \(NumberText.percent(evaluation.weightedF1, places: 2)), "
        + "accuracy \(NumberText.percent(evaluation.accuracy, places: 2))"
    }
    return "seed \(result.seed)" + figures(held, result.heldOut) + figures("test", result.test)
  }

  private func averages(_ part: String, _ evaluations: [Evaluation]) -> [String] {
    let figures = [
      ("weighted F1", evaluations.map(\.weightedF1)), ("accuracy", evaluations.map(\.accuracy)),
      ("macro F1", evaluations.map(\.macroF1)),
    ]
    var lines = figures.compactMap { name, values -> String? in
      guard let summary = SeedSummary(values.map { 100 * $0 }) else { return nil }
      return "\(part) \(name): mean \(Self.number(summary.mean)) %"
        + (summary.standardDeviation.map { ", standard deviation \(Self.number($0))" } ?? "")
        + (summary.interval.map { ", 95 % interval \(Self.number($0.lowerBound)) to \(Self.number($0.upperBound)) %" }
          ?? "")
    }
    let halves = evaluations.compactMap { $0.weightedF1Band.map { 50 * ($0.upper - $0.lower) } }
    if let half = SeedSummary(halves)?.mean {
      lines.append(
        "\(part) weighted F1, other dialogues like these: ± \(Self.number(half)) (95 %), whatever the seed")
    }
    return lines
  }
}
