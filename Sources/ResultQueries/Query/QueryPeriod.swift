import AmbqConfiguration
import Foundation
import Presentation
import ResultIndex

/// The period of `--since` and `--until`.
public struct QueryPeriod: Sendable, Hashable {
  /// Not within the period before this time; nil for no beginning.
  public let since: Date?
  /// Not within the period from this time on; nil for no end.
  public let until: Date?

  /// - Parameters:
  ///   - since: what was typed, as in `yesterday`, `monday`, `-2h`, `2026-11-22`.
  ///   - until: likewise; its end counts, so that `yesterday` includes that day.
  /// - Throws: `QueryError` for a text that is no time, and for a period that ends before it begins.
  public init(since: String?, until: String?, now: Date = Date(), calendar: Calendar = .local) throws {
    func read(_ text: String, _ option: String) throws -> TimeExpression {
      guard let time = TimeExpression(text, now: now, calendar: calendar) else {
        throw QueryError(
          usage: "the time of \(option) cannot be read", found: "'\(text)'",
          expected: "one of: \(TimeExpression.examples)")
      }
      return time
    }
    self.since = try since.map { try read($0, "--since").start }
    self.until = try until.map { try read($0, "--until").end }
    if let since = self.since, let until = self.until, until <= since {
      throw QueryError(
        usage: "the period is empty: --until is not after --since",
        found: "--since \(TimeText.iso(since)) --until \(TimeText.iso(until))")
    }
  }
}
