import Foundation

/// A time as people write it: `yesterday`, `last monday`, `-2h`, `a week ago`, `22.11.2026`, `2026-11-22T14:30+01:00`.
///
/// An expression names a span: a day, a month, or a moment (a span of no length). `--since` takes its start, `--until`
/// its end, so that `--since yesterday --until yesterday` is the whole of that day.
public struct TimeExpression: Sendable, Hashable {
  /// The first moment of the time meant.
  public let start: Date
  /// Not within the span any more; equal to `start` for a moment.
  public let end: Date

  /// Reads an expression; nil where the text is none.
  ///
  /// - Parameters:
  ///   - now: what relative expressions refer to.
  ///   - calendar: its time zone is that of expressions without one. Days and weeks follow the calendar (`-1d` is this
  ///     time of day yesterday, also when clocks change); hours, minutes and seconds are exact.
  public init?(_ text: String, now: Date, calendar: Calendar) {
    // An upper-case M is months to some and minutes to others.
    let scalars = text.unicodeScalars
    let isAmbiguous = zip(scalars, scalars.dropFirst()).contains { ("0"..."9").contains($0) && $1 == "M" }
    guard !isAmbiguous else { return nil }
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    let span =
      Self.named(words, now, calendar) ?? Self.ago(words, now, calendar)
      ?? Self.written(text.filter { !$0.isWhitespace || $0 == " " }, now, calendar)
    guard let span else { return nil }
    (start, end) = span
  }

  /// What to tell a person whose expression cannot be read.
  public static let examples =
    "now, today, yesterday, a weekday (the last one), 'last week', -30m (minutes), -2h, -3d, -1w, -2mo (months),"
    + " 'a week ago', 14:30, 2026, 2026-11, 2026-11-22, 22.11.2026, 2026-11-22T14:30, 2026-11-22T14:30:00Z"

  private typealias Span = (start: Date, end: Date)

  private static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

  /// Its number, Sunday's being 0, by its name or the first three letters.
  private static func weekday(_ word: String) -> Int? {
    weekdays.firstIndex { $0 == word || $0.prefix(3) == word }
  }

  /// `now`, a day's name, and a day's name with a time of day.
  private static func named(_ words: [String], _ now: Date, _ calendar: Calendar) -> Span? {
    if words.first == "last" { return last(Array(words.dropFirst()), now, calendar) }
    guard let first = words.first, words.count <= 2 else { return nil }
    if first == "now" { return words.count == 1 ? (now, now) : nil }
    let daysBack: Int
    switch first {
    case "today": daysBack = 0
    case "yesterday": daysBack = 1
    case "tomorrow": daysBack = -1
    default:
      guard let weekday = weekday(first) else { return nil }
      daysBack = (calendar.component(.weekday, from: now) - 1 - weekday + 7) % 7
    }
    guard let day = calendar.date(byAdding: .day, value: -daysBack, to: calendar.startOfDay(for: now)) else {
      return nil
    }
    if words.count == 1 { return whole(.day, from: day, calendar) }
    guard let time = TimeOfDay(words[1]) else { return nil }
    return time.moment(on: day, calendar).map { ($0, $0) }
  }

  /// `last tuesday`, which is never today; `last week`, `last month` and `last year`: the whole one before this.
  private static func last(_ words: [String], _ now: Date, _ calendar: Calendar) -> Span? {
    guard let first = words.first else { return nil }
    if let unit = units[first] {
      guard words.count == 1, let earlier = calendar.date(byAdding: unit, value: -1, to: now),
        let span = calendar.dateInterval(of: unit, for: earlier)
      else { return nil }
      return (span.start, span.end)
    }
    guard weekday(first) != nil, let yesterday = calendar.date(byAdding: .day, value: -1, to: now) else { return nil }
    return named(words, yesterday, calendar)
  }

  private static let units: [String: Calendar.Component] = ["week": .weekOfYear, "month": .month, "year": .year]

  /// `-2h`, `-1d12h`, `2h ago`, `3 days ago`, `a week ago`.
  private static func ago(_ words: [String], _ now: Date, _ calendar: Calendar) -> Span? {
    var text = (["a", "an", "one"].contains(words.first) ? ["1"] + words.dropFirst() : words).joined()
    if text.hasPrefix("-") {
      text.removeFirst()
    } else if text.hasSuffix("ago") {
      text.removeLast(3)
    } else {
      return nil
    }
    guard !text.isEmpty else { return nil }
    var rest = text[...]
    var moment = now
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let count = Int(digits), count <= 100_000, let earlier = back(count, String(unit), moment, calendar) else {
        return nil
      }
      moment = earlier
    }
    return (moment, moment)
  }

  private static func back(_ count: Int, _ unit: String, _ moment: Date, _ calendar: Calendar) -> Date? {
    switch unit {
    case "s", "sec", "second", "seconds": moment.addingTimeInterval(-Double(count))
    case "m", "min", "minute", "minutes": moment.addingTimeInterval(-Double(count) * 60)
    case "h", "hour", "hours": moment.addingTimeInterval(-Double(count) * 3600)
    case "d", "day", "days": calendar.date(byAdding: .day, value: -count, to: moment)
    case "w", "week", "weeks": calendar.date(byAdding: .day, value: -7 * count, to: moment)
    case "mo", "month", "months": calendar.date(byAdding: .month, value: -count, to: moment)
    case "y", "year", "years": calendar.date(byAdding: .year, value: -count, to: moment)
    default: nil
    }
  }

  /// A time of day (of today), or a date after ISO 8601 with a time and a zone where given.
  private static func written(_ text: String, _ now: Date, _ calendar: Calendar) -> Span? {
    if let time = TimeOfDay(text) {
      return time.moment(on: calendar.startOfDay(for: now), calendar).map { ($0, $0) }
    }
    let pieces = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == "t" || $0 == " " }
    guard let first = pieces.first, let (day, precision) = date(String(first), calendar) else { return nil }
    if pieces.count == 1 { return whole(precision, from: day, calendar) }
    guard precision == .day, let zoned = ZonedTime(String(pieces[1])) else { return nil }
    var zone = calendar
    if let offset = zoned.offset { zone.timeZone = offset }
    guard let (local, _) = date(String(first), zone) else { return nil }
    return zoned.time.moment(on: local, zone).map { ($0, $0) }
  }

  /// The start of a year, month or day: `2026`, `2026-11`, `2026-11-22`, `22.11.2026`.
  private static func date(_ text: String, _ calendar: Calendar) -> (Date, Calendar.Component)? {
    var parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    let dotted = text.split(separator: ".", omittingEmptySubsequences: false)
    if dotted.count == 3, dotted.prefix(2).allSatisfy({ (1...2).contains($0.count) }) {
      parts = dotted.reversed().map { $0.count == 1 ? "0\($0)" : String($0) }
    }
    guard (1...3).contains(parts.count), parts[0].count == 4, parts.dropFirst().allSatisfy({ $0.count == 2 }) else {
      return nil
    }
    let numbers = parts.compactMap { part in part.allSatisfy(\.isWholeNumber) ? Int(part) : nil }
    guard numbers.count == parts.count else { return nil }
    var components = DateComponents()
    components.year = numbers[0]
    components.month = numbers.count > 1 ? numbers[1] : 1
    components.day = numbers.count > 2 ? numbers[2] : 1
    guard let date = calendar.date(from: components) else { return nil }
    // The calendar turns 31 February into a day of March: such a date is a mistake.
    let found = calendar.dateComponents([.year, .month, .day], from: date)
    guard found.year == components.year, found.month == components.month, found.day == components.day else {
      return nil
    }
    return (calendar.startOfDay(for: date), [.year, .month, .day][numbers.count - 1])
  }

  private static func whole(_ unit: Calendar.Component, from start: Date, _ calendar: Calendar) -> Span? {
    guard let next = calendar.date(byAdding: unit, value: 1, to: start) else { return nil }
    return (start, calendar.startOfDay(for: next))
  }
}

/// A time of day: `14:30`, `14:30:15`, `14:30:15.5`.
private struct TimeOfDay {
  private let hour: Int
  private let minute: Int
  private let second: Double

  init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ $0.first?.isWholeNumber ?? false }),
      (1...2).contains(parts[0].count), parts[1].count == 2, let hour = Int(parts[0]), hour < 24,
      let minute = Int(parts[1]), minute < 60, let second = parts.count == 3 ? Double(parts[2]) : 0, second < 60
    else { return nil }
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// The moment when clocks show this time on a day; the next that exists where they skip it.
  func moment(on day: Date, _ calendar: Calendar) -> Date? {
    var components = calendar.dateComponents([.year, .month, .day], from: day)
    components.hour = hour
    components.minute = minute
    return calendar.date(from: components)?.addingTimeInterval(second)
  }
}

/// A time of day with an offset from UTC behind it: `14:30Z`, `14:30+01:00`, `14:30-0500`.
private struct ZonedTime {
  let time: TimeOfDay
  /// Nil where the text names no zone.
  let offset: TimeZone?

  init?(_ text: String) {
    var text = text
    if text.hasSuffix("Z") || text.hasSuffix("z") {
      text.removeLast()
      offset = TimeZone(secondsFromGMT: 0)
    } else if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let digits = text[text.index(after: sign)...].filter { $0 != ":" }
      guard digits.count == 4 || digits.count == 2, let number = Int(digits) else { return nil }
      let seconds = digits.count == 4 ? (number / 100) * 3600 + (number % 100) * 60 : number * 3600
      guard let zone = TimeZone(secondsFromGMT: text[sign] == "-" ? -seconds : seconds) else { return nil }
      offset = zone
      text = String(text[..<sign])
    } else {
      offset = nil
    }
    guard let time = TimeOfDay(text) else { return nil }
    self.time = time
  }
}
