/// The progress of a long run: a bar with the time left on a terminal, now and then a plain line elsewhere.
///
/// The drawing is separate from the clock and the descriptor, so that what a person sees can be tested.
public struct ProgressLine: Sendable {
  /// What the run is called.
  public var label: String
  /// Steps of the whole run.
  public var total: Int
  private let isTerminal: Bool
  private let width: Int
  private let started: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?
  /// What stands in the terminal's last line.
  private var shown: String?

  /// - Parameters:
  ///   - total: steps of the whole run; 0 where that is unknown.
  ///   - width: columns of the terminal.
  ///   - now: when the run began.
  public init(_ label: String, total: Int, isTerminal: Bool, width: Int, now: ContinuousClock.Instant) {
    self.label = label
    self.total = total
    self.isTerminal = isTerminal
    self.width = width
    started = now
  }

  /// The text to write after `done` steps; nil where it is too early for the next one.
  ///
  /// On a terminal the line is redrawn in place, ten times a second at most; elsewhere there is a line every ten seconds,
  /// and one at the end.
  ///
  /// - Parameter detail: what to say beside the count, such as `loss 0.412`.
  public mutating func update(done: Int, detail: String = "", now: ContinuousClock.Instant) -> String? {
    let isLast = total > 0 && done >= total
    let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
    if let lastDrawn, !isLast, now - lastDrawn < pause { return nil }
    lastDrawn = now
    let text = line(done: done, detail: detail, elapsed: now - started)
    guard isTerminal else { return text + "\n" }
    shown = text
    return Self.erasure + text
  }

  /// A line that stays: above the drawing, which moves down.
  public func above(_ text: String) -> String {
    shown.map { "\(Self.erasure)\(text)\n\($0)" } ?? text + "\n"
  }

  /// Takes away what is drawn.
  public mutating func finish() -> String {
    defer { shown = nil }
    return shown == nil ? "" : Self.erasure
  }

  /// Columns left free, so that the `^C` which a terminal echoes does not wrap.
  private static let margin = 3

  private static let erasure = "\r\u{1B}[2K"

  private func line(done: Int, detail: String, elapsed: Duration) -> String {
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let tail = detail.isEmpty ? "" : "  \(detail)"
    guard total > 0 else { return fitted("\(label)  \(done)  \(Self.clock(seconds))\(tail)") }
    let fraction = min(1, Double(done) / Double(total))
    let percent = Int((fraction * 100).rounded(.down))
    var time = Self.clock(seconds)
    if done > 0, done < total { time = "\(Self.clock(seconds / fraction - seconds)) left" }
    let count = "\(done)/\(total)  \(percent) %  \(time)\(tail)"
    guard isTerminal else { return "\(label)  \(count)" }
    let room = width - Self.margin - TextWidth.columns(of: label) - TextWidth.columns(of: count) - 4
    guard room >= 8 else { return fitted("\(label)  \(count)") }
    return "\(label)  \(Bar.padded(fraction, width: min(30, room)))  \(count)"
  }

  /// A line that wrapped could not be redrawn in place.
  private func fitted(_ text: String) -> String {
    isTerminal ? TextWidth.cut(text, to: max(1, width - Self.margin)) : text
  }

  /// Seconds as `0:07`, `12:30` or `3:04:05`, to the nearest.
  private static func clock(_ seconds: Double) -> String {
    TimeText.clock(seconds.isFinite ? max(0, min(seconds, 999_999_999)).rounded() : 0)
  }
}
