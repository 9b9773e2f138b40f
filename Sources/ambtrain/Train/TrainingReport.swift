import EvaluationStatistics
import Foundation
import ModelTraining
import Presentation

/// What came of a training, on standard output: one model's table, or several models' means and intervals.
struct TrainingReport {
  private let results: [TrainingSession.Result]
  /// What chose the epochs.
  private let judge: String

  /// - Parameter selectsOnTest: whether it is the test data that chose the epochs.
  init(_ results: [TrainingSession.Result], selectsOnTest: Bool) {
    self.results = results
    judge = selectsOnTest ? "test" : "validation"
  }

  func print() throws {
    var output = OutputWriter(descriptor: STDOUT_FILENO)
    if results.count == 1, let result = results.first {
      try output.line("On the \(judge == "test" ? "test data, which" : "dialogues that") chose the epoch:")
      try output.write(result.validation.table)
      if let test = result.test {
        try output.line()
        try output.line("On the test data:")
        try output.write(test.table)
      }
      try output.line()
      try output.line("The model lies in \(result.directory.path)")
    } else {
      for result in results { try output.line(seedLine(result)) }
      try summary(judge, results.map(\.validation), &output)
      try summary("test", results.compactMap(\.test), &output)
      let best = results.max { $0.validation.weightedF1 < $1.validation.weightedF1 }
      if let best { try output.line("The best on \(judge) lies in \(best.directory.path)") }
    }
    try output.flush()
  }

  private func seedLine(_ result: TrainingSession.Result) -> String {
    func figures(_ name: String, _ evaluation: Evaluation) -> String {
      "  \(name) weighted F1 \(Figures.fixed(100 * evaluation.weightedF1, 2)) %, "
        + "accuracy \(Figures.fixed(100 * evaluation.accuracy, 2)) %"
    }
    return "seed \(result.seed)" + figures(judge, result.validation)
      + (result.test.map { figures("test", $0) } ?? "")
  }

  private func summary(_ part: String, _ evaluations: [Evaluation], _ output: inout OutputWriter) throws {
    for (name, values) in [
      ("weighted F1", evaluations.map(\.weightedF1)), ("accuracy", evaluations.map(\.accuracy)),
      ("macro F1", evaluations.map(\.macroF1)),
    ] {
      guard let summary = SeedSummary(values.map { 100 * $0 }) else { continue }
      var line = "\(part) \(name): mean \(Figures.fixed(summary.mean, 2)) %"
      if let deviation = summary.standardDeviation { line += ", standard deviation \(Figures.fixed(deviation, 2))" }
      if let interval = summary.interval {
        line += ", 95 % interval \(Figures.fixed(interval.lowerBound, 2)) to \(Figures.fixed(interval.upperBound, 2)) %"
      }
      try output.line(line)
    }
  }
}
