import Foundation

/// What one nightly report covers: the day up to `report.at` on a date, by the calendar.
///
/// 24 hours as a rule, 23 or 25 where clocks change within. Nights abut: each ends where the next begins.
public struct Night: Sendable, Hashable {
  /// The morning on which the report stands ready.
  public let date: CalendarDay
  /// The moment it begins.
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

/// A time of day as clocks on the wall show it: `02:00`.
public struct ClockTime: Sendable, Hashable {
  /// From 0 to 23.
  public let hour: Int
  /// From 0 to 59.
  public let minute: Int

  /// A time that clocks can show.
  public init(hour: Int, minute: Int = 0) {
    precondition((0..<24).contains(hour) && (0..<60).contains(minute), "a time of day")
    self.hour = hour
    self.minute = minute
  }

  /// Reads `2:00` or `02:00`; nil where the text is no time of day.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
      parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isWholeNumber } }),
      let hour = Int(parts[0]), hour < 24, let minute = Int(parts[1]), minute < 60
    else { return nil }
    self.hour = hour
    self.minute = minute
  }

  /// `02:00`.
  public var text: String { "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)" }

  /// The moment when clocks show this time on a day.
  ///
  /// The first of two where clocks are set back; where they skip it, the moment at which they do.
  ///
  /// Reckoned from the zone's offsets: Foundation's own search goes astray where clocks change by half an hour.
  func moment(on day: CalendarDay, in zone: TimeZone) -> Date {
    let asGMT = day.start.addingTimeInterval(Double(hour * 3600 + minute * 60))
    let before = Double(zone.secondsFromGMT(for: asGMT.addingTimeInterval(-86_400)))
    let after = Double(zone.secondsFromGMT(for: asGMT.addingTimeInterval(86_400)))
    for offset in [before, after] {
      let moment = asGMT.addingTimeInterval(-offset)
      if Double(zone.secondsFromGMT(for: moment)) == offset { return moment }
    }
    // No clock shows it: reckoned with the later offset it lies before the change, with the earlier one behind it.
    return zone.nextDaylightSavingTimeTransition(after: asGMT.addingTimeInterval(-after))
      ?? asGMT.addingTimeInterval(-before)
  }
}

/// A day of the calendar, such as 2026-11-24, in no particular time zone.
public struct CalendarDay: Sendable, Hashable, Comparable {
  /// The calendar's.
  public let year: Int
  /// From 1.
  public let month: Int
  /// Of the month, from 1.
  public let day: Int

  /// The day that clocks of a calendar's zone show at a moment.
  public init(_ moment: Date, _ calendar: Calendar) {
    let parts = calendar.dateComponents([.year, .month, .day], from: moment)
    (year, month, day) = (parts.year ?? 1970, parts.month ?? 1, parts.day ?? 1)
  }

  /// Reads `2026-11-24`; nil where the text is no day of the calendar.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
      parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isWholeNumber } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
    // The calendar turns 31 February into a day of March: such a date is a mistake.
    guard CalendarDay(start, Self.reference) == self else { return nil }
  }

  /// The day some days later; earlier where negative.
  public func adding(days: Int) -> CalendarDay {
    CalendarDay(start.addingTimeInterval(Double(days) * 86_400), Self.reference)
  }

  /// `2026-11-24`.
  public var text: String {
    let (year, month, day) = (String(year), String(month), String(day))
    return String(repeating: "0", count: max(0, 4 - year.count)) + year + (month.count < 2 ? "-0" : "-") + month
      + (day.count < 2 ? "-0" : "-") + day
  }

  /// Whether a day comes earlier.
  public static func < (left: CalendarDay, right: CalendarDay) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  /// Its midnight in Greenwich.
  var start: Date {
    Self.reference.date(from: DateComponents(year: year, month: month, day: day)) ?? Date(timeIntervalSince1970: 0)
  }

  private static var reference: Calendar { .gregorian(in: .gmt) }
}

extension Calendar {
  /// The calendar of ISO dates in a time zone.
  public static func gregorian(in zone: TimeZone) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar
  }

  /// The calendar of ISO dates in the local time zone.
  public static var local: Calendar { .gregorian(in: .current) }
}
