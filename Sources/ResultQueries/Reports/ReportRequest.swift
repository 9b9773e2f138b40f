import AmbqConfiguration
import Foundation
import NightReports
import Presentation
import ResultIndex

/// Which period `ambq report` is about, as typed.
public struct ReportRequest: Sendable {
  /// The morning on which the night's report stands ready.
  public var date: String?
  /// The first moment, as `--since` takes it.
  public var since: String?
  /// The last moment, as `--until` takes it.
  public var until: String?

  /// The last night, unless something else is asked for.
  public init(date: String? = nil, since: String? = nil, until: String? = nil) {
    self.date = date
    self.since = since
    self.until = until
  }

  /// What to say where no utterance of the period passes a filter; nil where one does.
  ///
  /// - Throws: as `report`.
  public func explanation(
    ofNothingFoundBy filter: ReportFilter, in reader: IndexReader, _ settings: AmbdConfiguration, now: Date = Date(),
    calendar: Calendar = .local
  ) throws -> String? {
    var query = filter.query
    let period: String
    switch try span(at: settings.report.at, now: now, calendar: calendar) {
    case .night(let night):
      (query.since, query.until) = (night.start, night.end)
      period = "the limit to the night of \(night.date.text)"
    case .period(let since, let until):
      (query.since, query.until) = (since, until)
      period = "the limit to the time given"
    }
    query.allModels = true
    guard try !reader.hasUtterances(query) else { return nil }
    return try EmptyResult(reader, now: now, period: period).explanation(of: query)
  }

  /// What a report can be about.
  enum Span: Equatable {
    case night(Night)
    case period(since: Date, until: Date)
  }

  /// The report that is asked for.
  ///
  /// - Throws: `QueryError` for a period that cannot be, `IndexError`, `ReportError`.
  public func report(
    _ gathering: NightGathering, _ settings: AmbdConfiguration, now: Date = Date(), calendar: Calendar = .local
  ) throws -> NightReport {
    switch try span(at: settings.report.at, now: now, calendar: calendar) {
    case .night(let night): try gathering.report(of: night)
    case .period(let since, let until): try gathering.report(since: since, until: until)
    }
  }

  /// Without a wish, the last night that is over.
  func span(at: ClockTime, now: Date, calendar: Calendar) throws -> Span {
    if since != nil || until != nil {
      let period = try QueryPeriod(since: since, until: until, now: now, calendar: calendar)
      guard let since = period.since else {
        throw QueryError(usage: "--until needs --since", remedy: "Say when the period begins, as in --since yesterday.")
      }
      guard since <= now else {
        throw QueryError(
          usage: "this period has not begun: --since lies in the future",
          found: "--since \(TimeText.moment(since, calendar))")
      }
      return .period(since: since, until: period.until ?? now)
    }
    guard let date else { return .night(.last(before: now, at: at, calendar)) }
    guard let time = TimeExpression(date, now: now, calendar: calendar) else {
      throw QueryError(
        usage: "the day of --date cannot be read", found: "'\(date)'", expected: "2026-11-24, today, yesterday, monday")
    }
    let night = Night(CalendarDay(time.start, calendar), at: at, calendar)
    guard night.start <= now else {
      throw QueryError(usage: "this night has not begun", found: "--date \(night.date.text)")
    }
    return .night(night)
  }
}
