import Foundation

/// A day of the calendar, such as 2026-11-24, in no particular time zone.
public struct CalendarDay: Sendable, Hashable, Comparable {
  public let year: Int
  public let month: Int
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
