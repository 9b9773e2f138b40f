import Foundation

/// What one nightly report covers: the day up to `report.at` on a date, by the calendar.
///
/// 24 hours as a rule, 23 or 25 where clocks change within. Nights abut: each ends where the next begins.
public struct Night: Sendable, Hashable {
  /// The morning on which the report stands ready.
  public let date: CalendarDay
  public let start: Date
  /// Not within the night any more.
  public let end: Date

  /// - Parameter calendar: its time zone is the one whose clocks count.
  public init(_ date: CalendarDay, at time: ClockTime, _ calendar: Calendar) {
    self.date = date
    start = time.moment(on: date.adding(days: -1), in: calendar.timeZone)
    end = time.moment(on: date, in: calendar.timeZone)
  }

  /// The last night that is over at a moment.
  public static func last(before now: Date, at time: ClockTime, _ calendar: Calendar) -> Night {
    let today = Night(CalendarDay(now, calendar), at: time, calendar)
    return today.end <= now ? today : today.back(1, at: time, calendar)
  }

  /// The night some nights earlier.
  public func back(_ nights: Int, at time: ClockTime, _ calendar: Calendar) -> Night {
    Night(date.adding(days: -nights), at: time, calendar)
  }
}
