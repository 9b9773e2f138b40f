import Presentation

/// How far a long run is: lines that stay, and below them a bar on a terminal, elsewhere now and then a plain line.
///
/// It gives the text to write and writes nothing itself, so that what a person sees can be tested.
public struct RunProgress: Sendable {
  private let isTerminal: Bool
  private let width: Int
  private var line: ProgressLine?
  /// When the run began or was taken up, and the steps that lay behind then.
  private var began: ContinuousClock.Instant
  private var earlier = 0

  /// - Parameters:
  ///   - isTerminal: whether the text is written to a terminal.
  ///   - width: columns of the terminal.
  ///   - now: when the run begins.
  public init(isTerminal: Bool, width: Int, now: ContinuousClock.Instant = .now) {
    self.isTerminal = isTerminal
    self.width = width
    began = now
  }

  /// The text after a step; empty where it is too early for the next one.
  ///
  /// - Parameters:
  ///   - done: steps done, those of an earlier run included: the time left follows from the steps of this one alone.
  ///   - detail: what to say beside the count, such as `loss 0.412`.
  public mutating func advance(
    _ label: String, to done: Int, of total: Int, detail: String, now: ContinuousClock.Instant = .now
  ) -> String {
    if line == nil {
      earlier = done - 1
      line = ProgressLine(label, total: total - earlier, isTerminal: isTerminal, width: width, now: began)
    }
    return line?.update(done: done - earlier, detail: detail, now: now) ?? ""
  }

  /// A line that stays.
  public func above(_ text: String) -> String { line?.above(text) ?? text + "\n" }

  /// Takes the bar away; what follows is another run.
  public mutating func finish(now: ContinuousClock.Instant = .now) -> String {
    defer { line = nil }
    began = now
    return line?.finish() ?? ""
  }
}

/// A training as it goes: a line an epoch, as text to write.
public struct TrainingProgress: Sendable {
  /// What chooses the epoch: `test` or `validation`.
  private let selection: String
  private var run: RunProgress

  /// - Parameter selectsOnTest: whether it is the test data that chooses the epoch.
  public init(_ run: RunProgress, selectsOnTest: Bool) {
    self.run = run
    selection = selectsOnTest ? "test" : "validation"
  }

  /// The text to write when an event is told.
  ///
  /// - Parameter part: of the work, such as `seed 3`; nil where there is only one.
  public mutating func text(
    _ event: TrainingEvent, part: String?, now: ContinuousClock.Instant = .now
  ) -> String {
    let label = part ?? "training"
    switch event {
    case .resumed(let epoch):
      let erasure = run.finish(now: now)
      return erasure + run.above("\(label): resumed after epoch \(epoch)")
    case .step(let step, let total):
      let detail = "loss \(NumberText.fixed(step.loss, places: 4))"
      return run.advance(label, to: step.step, of: total, detail: detail, now: now)
    case .epoch(let epoch, let total):
      let line = run.above((part.map { "\($0)  " } ?? "") + Self.line(epoch, of: total, selection))
      return epoch.epoch == total ? line + run.finish(now: now) : line
    }
  }

  /// Takes away what is drawn.
  public mutating func finish() -> String { run.finish() }

  private static func line(_ epoch: EpochRecord, of total: Int, _ selection: String) -> String {
    func fixed(_ value: Double) -> String { NumberText.fixed(value, places: 4) }
    let line = "epoch \(epoch.epoch)/\(total)  loss \(fixed(epoch.loss))"
    guard let loss = epoch.validationLoss, let weightedF1 = epoch.weightedF1, let accuracy = epoch.accuracy else {
      return line
    }
    return line + "  on \(selection): loss \(fixed(loss)), weighted F1 \(NumberText.percent(weightedF1, places: 2)), "
      + "accuracy \(NumberText.percent(accuracy, places: 2))" + (epoch.isBest ? "  best" : "")
  }
}
