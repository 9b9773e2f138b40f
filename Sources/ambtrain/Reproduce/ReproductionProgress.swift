import Experiments
import Foundation
import Terminal

/// An experiment as it goes, on standard error: a line a training, and between them a bar or now and then a plain line.
struct ReproductionProgress {
  private let name: String
  private let isTerminal = TerminalSize.isTerminal(STDERR_FILENO)
  private var line: ProgressLine?
  private var training = ""
  /// When the first training of this run began.
  private var began = ContinuousClock.now
  /// Steps that lay behind when this run began.
  private var earlier = 0

  init(_ name: String) {
    self.name = name
  }

  mutating func show(_ event: ExperimentEvent) {
    switch event {
    case .began(let arm, let seed):
      training = "\(arm), seed \(seed)"
      if line == nil { began = .now }
    case .steps(let done, let total): advance(done, of: total)
    case .found(let arm, let seed, let number, let total):
      write("\(number)/\(total)  \(arm), seed \(seed): finished earlier\n")
    case .finished(let arm, let seed, let accuracy, let weightedF1, let number, let total):
      write(
        (isTerminal ? "\r\u{1B}[2K" : "") + "\(number)/\(total)  \(arm), seed \(seed): weighted F1 "
          + "\(Figures.fixed(100 * weightedF1, 2)) %, accuracy \(Figures.fixed(100 * accuracy, 2)) %\n")
    }
  }

  /// Ends the line that is being drawn.
  mutating func finish() {
    write(line?.finish() ?? "")
    line = nil
  }

  mutating func advance(_ done: Int, of total: Int) {
    let now = ContinuousClock.now
    if line == nil {
      // A resumed experiment's time left follows from the steps of this run alone.
      earlier = done - 1
      line = ProgressLine(
        name, total: total - earlier, isTerminal: isTerminal,
        width: TerminalSize.columns(of: STDERR_FILENO, environment: ProcessInfo.processInfo.environment), now: began)
    }
    if let text = line?.update(done: done - earlier, detail: training, now: now) { write(text) }
  }

  private func write(_ text: String) {
    if !text.isEmpty { FileHandle.standardError.write(Data(text.utf8)) }
  }
}
