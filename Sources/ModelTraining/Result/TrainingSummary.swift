import EvaluationStatistics
import Presentation

/// What came of a training, as text: one model's tables, or several models' means and intervals.
public struct TrainingSummary: Sendable {
  private let results: [TrainingSession.Result]
  /// What chose the epochs: `test` or `validation`.
  private let selection: String

  /// - Parameter selectsOnTest: whether it is the test data that chose the epochs.
  public init(_ results: [TrainingSession.Result], selectsOnTest: Bool) {
    self.results = results
    selection = selectsOnTest ? "test" : "validation"
  }

  /// The text, with a line end.
  public var text: String {
    let lines = results.count == 1 ? results.flatMap(tables) : comparison
    return lines.joined(separator: "\n") + "\n"
  }

  private func tables(_ result: TrainingSession.Result) -> [String] {
    var lines = [
      "On the \(selection == "test" ? "test data, which" : "dialogues that") chose the epoch:", result.validation.table,
    ]
    if let test = result.test { lines += ["On the test data:", test.table] }
    return lines + result.advice + ["The model lies in \(result.directory.path)"]
  }

  private var comparison: [String] {
    var lines = results.map(seedLine)
    lines += averages(selection, results.map(\.validation)) + averages("test", results.compactMap(\.test))
    let best = results.max { $0.validation.weightedF1 < $1.validation.weightedF1 }
    if let best { lines.append("The best on \(selection) lies in \(best.directory.path)") }
    return lines
  }

  private func seedLine(_ result: TrainingSession.Result) -> String {
    func figures(_ name: String, _ evaluation: Evaluation) -> String {
      "  \(name) weighted F1 \(NumberText.percent(evaluation.weightedF1, places: 2)), "
        + "accuracy \(NumberText.percent(evaluation.accuracy, places: 2))"
    }
    return "seed \(result.seed)" + figures(selection, result.validation)
      + (result.test.map { figures("test", $0) } ?? "")
  }

  private func averages(_ part: String, _ evaluations: [Evaluation]) -> [String] {
    let figures = [
      ("weighted F1", evaluations.map(\.weightedF1)), ("accuracy", evaluations.map(\.accuracy)),
      ("macro F1", evaluations.map(\.macroF1)),
    ]
    return figures.compactMap { name, values in
      guard let summary = SeedSummary(values.map { 100 * $0 }) else { return nil }
      func text(_ value: Double) -> String { NumberText.fixed(value, places: 2) }
      return "\(part) \(name): mean \(text(summary.mean)) %"
        + (summary.standardDeviation.map { ", standard deviation \(text($0))" } ?? "")
        + (summary.interval.map { ", 95 % interval \(text($0.lowerBound)) to \(text($0.upperBound)) %" } ?? "")
    }
  }
}
