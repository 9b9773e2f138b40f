import Foundation
import Presentation

/// How far a long run is, on standard error: lines that stay, and below them a bar or now and then a plain line.
struct RunProgress {
  private var line: ProgressLine?
  /// When the run began or was taken up.
  private var began = ContinuousClock.now
  /// Steps that lay behind then.
  private var earlier = 0

  mutating func advance(_ label: String, to done: Int, of total: Int, detail: String) {
    let now = ContinuousClock.now
    if line == nil {
      // A resumed run's time left follows from the steps of this run alone.
      earlier = done - 1
      line = ProgressLine(
        label, total: total - earlier, isTerminal: TerminalSize.isTerminal(STDERR_FILENO),
        width: TerminalSize.columns(of: STDERR_FILENO, environment: ProcessInfo.processInfo.environment), now: began)
    }
    if let text = line?.update(done: done - earlier, detail: detail, now: now) { write(text) }
  }

  func say(_ text: String) {
    write(line?.above(text) ?? text + "\n")
  }

  /// Takes the bar away; what follows is another run.
  mutating func finish() {
    write(line?.finish() ?? "")
    line = nil
    began = .now
  }

  private func write(_ text: String) {
    if !text.isEmpty { FileHandle.standardError.write(Data(text.utf8)) }
  }
}
