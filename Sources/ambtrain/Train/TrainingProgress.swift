import Foundation
import Terminal
import Training

/// A training as it goes, on standard error: a line an epoch, and between them a bar or now and then a plain line.
struct TrainingProgress {
  private let namesSeeds: Bool
  private let isTerminal = TerminalSize.isTerminal(STDERR_FILENO)
  private var line: ProgressLine?
  /// Steps that lay behind when this seed's line began.
  private var earlier = 0

  /// - Parameter namesSeeds: whether there are several to tell apart.
  init(namesSeeds: Bool) {
    self.namesSeeds = namesSeeds
  }

  mutating func show(_ event: TrainingEvent, seed: UInt64) {
    switch event {
    case .resumed(let epoch): write("\(label(seed)): resumed after epoch \(epoch)\n")
    case .step(let step, let total): advance(step, of: total, seed: seed)
    case .epoch(let epoch, let total):
      let figures =
        "epoch \(epoch.epoch)/\(total)  loss \(Figures.fixed(epoch.loss, 4))  on validation: loss "
        + "\(Figures.fixed(epoch.validationLoss, 4)), weighted F1 \(Figures.fixed(100 * epoch.weightedF1, 2)) %, "
        + "accuracy \(Figures.fixed(100 * epoch.accuracy, 2)) %\(epoch.isBest ? "  best" : "")"
      write((isTerminal ? "\r\u{1B}[2K" : "") + (namesSeeds ? "seed \(seed)  " : "") + figures + "\n")
      if epoch.epoch == total { line = nil }
    }
  }

  /// Ends the line that is being drawn.
  mutating func finish() {
    write(line?.finish() ?? "")
    line = nil
  }

  private mutating func advance(_ step: StepRecord, of total: Int, seed: UInt64) {
    let now = ContinuousClock.now
    if line == nil {
      // A resumed training's time left follows from the steps of this run alone.
      earlier = step.step - 1
      line = ProgressLine(
        label(seed), total: total - earlier, isTerminal: isTerminal,
        width: TerminalSize.columns(of: STDERR_FILENO, environment: ProcessInfo.processInfo.environment), now: now)
    }
    let detail = "loss \(Figures.fixed(step.loss, 4))"
    if let text = line?.update(done: step.step - earlier, detail: detail, now: now) { write(text) }
  }

  private func label(_ seed: UInt64) -> String {
    namesSeeds ? "seed \(seed)" : "training"
  }

  private func write(_ text: String) {
    if !text.isEmpty { FileHandle.standardError.write(Data(text.utf8)) }
  }
}
