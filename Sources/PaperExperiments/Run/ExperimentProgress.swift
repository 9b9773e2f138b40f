import ModelTraining
import Presentation

/// An experiment as it goes: a line a training, as text to write.
public struct ExperimentProgress: Sendable {
  private let name: String
  private var run: RunProgress
  private var training = ""

  /// - Parameter name: the experiment's, which labels the bar.
  public init(_ run: RunProgress, name: String) {
    self.run = run
    self.name = name
  }

  /// The text to write when an event is told.
  public mutating func text(_ event: ExperimentEvent, now: ContinuousClock.Instant = .now) -> String {
    switch event {
    case .began(let arm, let seed):
      training = "\(arm), seed \(seed)"
      return ""
    case .steps(let done, let total): return advance(done, of: total, now: now)
    case .found(let arm, let seed, let number, let total):
      return run.above("\(number)/\(total)  \(arm), seed \(seed): finished earlier")
    case .finished(let arm, let seed, let accuracy, let weightedF1, let number, let total):
      return run.above(
        "\(number)/\(total)  \(arm), seed \(seed): weighted F1 \(NumberText.percent(weightedF1, places: 2)), "
          + "accuracy \(NumberText.percent(accuracy, places: 2))")
    }
  }

  /// The text to write after some of all steps.
  public mutating func advance(_ done: Int, of total: Int, now: ContinuousClock.Instant = .now) -> String {
    run.advance(name, to: done, of: total, detail: training, now: now)
  }

  /// Takes away what is drawn.
  public mutating func finish() -> String { run.finish() }
}
