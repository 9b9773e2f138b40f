import AmbqConfiguration
import Foundation

/// What time a report is about.
public struct ReportPeriod: Sendable, Hashable, Codable {
  /// The morning of a nightly report, `2026-11-24`; nil for any other period.
  public var date: String?
  public var start: Date
  /// Not within the period any more.
  public var end: Date
  /// The zone whose clocks the report shows, such as `Europe/Berlin`.
  public var timeZone: String

  public init(date: String? = nil, start: Date, end: Date, timeZone: String) {
    self.date = date
    self.start = start
    self.end = end
    self.timeZone = timeZone
  }

  public init(_ night: Night, _ calendar: Calendar) {
    self.init(date: night.date.text, start: night.start, end: night.end, timeZone: calendar.timeZone.identifier)
  }

  /// The calendar of ISO dates in the report's zone.
  public var calendar: Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: timeZone) ?? .gmt
    return calendar
  }
}
