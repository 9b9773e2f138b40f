import Foundation
import Glibc

/// Times as text, without Foundation's formatters: those would double the start-up time of `ambq`.
public enum TimeText {
  /// ISO 8601 in UTC with milliseconds: `2026-11-22T19:40:00.125Z`.
  public static func iso(_ date: Date) -> String {
    let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded())
    let (seconds, fraction) = milliseconds.flooredDivision(by: 1000)
    let (days, rest) = seconds.flooredDivision(by: 86400)
    let (year, month, day) = civil(days)
    let time = "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60)).\(padded(fraction, 3))"
    return "\(padded(year, 4))-\(two(month))-\(two(day))T\(time)Z"
  }

  /// Local time for people: `22 Nov 19:40`, with the year instead of the time of day where it is not this year.
  ///
  /// - Parameter now: what tells this year.
  public static func local(_ date: Date, now: Date = Date()) -> String {
    let (then, today) = (local(date), local(now))
    let day = "\(padded(Int(then.tm_mday), 2, with: " ")) \(months[Int(then.tm_mon) % 12])"
    if then.tm_year != today.tm_year { return "\(day)  \(Int(then.tm_year) + 1900)" }
    return "\(day) \(two(Int(then.tm_hour))):\(two(Int(then.tm_min)))"
  }

  /// A moment in full, on the clocks of a calendar's zone: `Tue 24 Nov 2026 02:00`.
  public static func moment(_ date: Date, _ calendar: Calendar) -> String {
    "\(day(date, calendar)) \(timeOfDay(date, calendar))"
  }

  /// The day of a moment in a calendar's zone: `Tue 24 Nov 2026`.
  public static func day(_ date: Date, _ calendar: Calendar) -> String {
    let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
    let weekday = weekdays[((parts.weekday ?? 1) - 1) % 7]
    let month = months[((parts.month ?? 1) - 1) % 12]
    return "\(weekday) \(parts.day ?? 0) \(month) \(parts.year ?? 0)"
  }

  /// The time of day in a calendar's zone: `02:00`.
  public static func timeOfDay(_ date: Date, _ calendar: Calendar) -> String {
    let parts = calendar.dateComponents([.hour, .minute], from: date)
    return "\(two(parts.hour ?? 0)):\(two(parts.minute ?? 0))"
  }

  /// How long something takes or is ago, in its largest unit: `12 s`, `5 min`, `3 h`, `4 days`.
  public static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, seconds.isFinite ? min(seconds, 1e15) : 0).rounded(.down))
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min"
    case ..<172_800: return "\(whole / 3600) h"
    default: return "\(whole / 86400) days"
    }
  }

  /// A place in a recording, or how long something has run: `1:05`, or `1:02:03`; `?` for what is no number.
  public static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e9 else { return "?" }
    let whole = Int(max(0, seconds))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func local(_ date: Date) -> tm {
    var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
    var parts = tm()
    localtime_r(&seconds, &parts)
    return parts
  }

  private static func two(_ number: Int) -> String { padded(number, 2) }

  private static func padded(_ number: Int, _ width: Int, with fill: String = "0") -> String {
    let digits = String(number)
    return String(repeating: fill, count: max(0, width - digits.count)) + digits
  }

  /// The date of a day counted from 1970-01-01, in the Gregorian calendar.
  ///
  /// Years are counted from 1 March, so that the leap day is the last one; 400 years have 146,097 days.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}

extension Int {
  /// Quotient rounded down, and the remainder that goes with it: never negative for a positive divisor.
  fileprivate func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
