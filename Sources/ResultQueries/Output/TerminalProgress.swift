import Foundation
import Presentation

/// A line of progress on standard error, where that is a terminal; nothing elsewhere.
public final class TerminalProgress {
  private let isShown: Bool
  private let width: Int
  private var line: ProgressLine?

  /// - Parameter isSilent: whether nothing is shown on a terminal, either.
  public init(isSilent: Bool, environment: [String: String]) {
    isShown = !isSilent && TerminalSize.isTerminal(2) && environment["TERM"] != "dumb"
    width = TerminalSize.columns(of: 2, environment: environment)
  }

  /// Shows how much is done.
  ///
  /// - Parameter total: 0 where that is not known.
  public func show(_ label: String, _ done: Int, of total: Int) {
    guard isShown else { return }
    if line?.label != label {
      clear()
      line = ProgressLine(label, total: total, isTerminal: true, width: width, now: .now)
    }
    if let text = line?.update(done: done, now: .now) { write(text) }
  }

  /// Takes away what is drawn.
  public func clear() {
    if let erasure = line?.finish(), !erasure.isEmpty { write(erasure) }
  }

  private func write(_ text: String) {
    // Where standard error is closed, there is nobody to tell.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
