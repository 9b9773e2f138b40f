import ArgumentParser
import Foundation
import ResultIndex

/// `--since` and `--until`.
struct PeriodOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Scored at this time or later: yesterday, monday, -2h, 2026-11-22, …", valueName: "time"))
  var since: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Scored before the end of this time; 'yesterday' includes that day.", valueName: "time"))
  var until: String?

  /// - Throws: `CommandError` for a text that is no time, and for a period that ends before it begins.
  func period(now: Date = Date(), calendar: Calendar = .local) throws -> (since: Date?, until: Date?) {
    let since = try self.since.map { try read($0, "--since", now, calendar).start }
    let until = try self.until.map { try read($0, "--until", now, calendar).end }
    if let since, let until, until <= since {
      throw CommandError(
        usage: "the period is empty: --until is not after --since",
        found: "--since \(TimeText.iso(since)) --until \(TimeText.iso(until))")
    }
    return (since, until)
  }

  private func read(_ text: String, _ option: String, _ now: Date, _ calendar: Calendar) throws -> TimeExpression {
    guard let time = TimeExpression(text, now: now, calendar: calendar) else {
      throw CommandError(
        usage: "the time of \(option) cannot be read", found: "'\(text)'",
        expected: "one of: \(TimeExpression.examples)")
    }
    return time
  }
}

extension Calendar {
  /// The calendar of ISO dates in the local time zone.
  static var local: Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .current
    return calendar
  }
}
