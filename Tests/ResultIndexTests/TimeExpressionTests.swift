import Foundation
import Testing

@testable import ResultIndex

struct TimeExpressionTests {
  private let calendar: Calendar
  /// Wednesday, 25 March 2026, 15:30:20 in Berlin (UTC+1); clocks go forward on the 29th.
  private let now: Date

  init() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
    self.calendar = calendar
    now = try Self.utc("2026-03-25T14:30:20Z")
  }

  private static func utc(_ text: String) throws -> Date {
    try Date(text, strategy: .iso8601)
  }

  private func read(_ text: String, at moment: Date? = nil) -> TimeExpression? {
    TimeExpression(text, now: moment ?? now, calendar: calendar)
  }

  @Test(arguments: [
    ("now", "2026-03-25T14:30:20Z"), ("-30m", "2026-03-25T14:00:20Z"), ("-2h", "2026-03-25T12:30:20Z"),
    ("-1h30m", "2026-03-25T13:00:20Z"), ("-3d", "2026-03-22T14:30:20Z"), ("-1w", "2026-03-18T14:30:20Z"),
    ("2h ago", "2026-03-25T12:30:20Z"), ("2 hours ago", "2026-03-25T12:30:20Z"), ("1 day ago", "2026-03-24T14:30:20Z"),
    ("a week ago", "2026-03-18T14:30:20Z"), ("an hour ago", "2026-03-25T13:30:20Z"), ("-2mo", "2026-01-25T14:30:20Z"),
    ("last tuesday 08:00", "2026-03-24T07:00:00Z"), ("24.3.2026 08:00", "2026-03-24T07:00:00Z"),
    ("1mo ago", "2026-02-25T14:30:20Z"), ("14:05", "2026-03-25T13:05:00Z"), ("today 08:00", "2026-03-25T07:00:00Z"),
    ("Yesterday 23:59:59", "2026-03-24T22:59:59Z"), ("2026-03-01T12:00", "2026-03-01T11:00:00Z"),
    ("2026-03-01 12:00", "2026-03-01T11:00:00Z"), ("2026-03-01T12:00:30", "2026-03-01T11:00:30Z"),
    ("2026-03-01T12:00Z", "2026-03-01T12:00:00Z"), ("2026-03-01T12:00+05:30", "2026-03-01T06:30:00Z"),
    ("2026-03-01T12:00:00-0800", "2026-03-01T20:00:00Z"),
  ])
  func momentsStartAndEndAtOnce(_ text: String, _ expected: String) throws {
    let time = try #require(read(text))
    #expect(time.start == (try Self.utc(expected)))
    #expect(time.end == time.start)
  }

  @Test(arguments: [
    ("today", "2026-03-24T23:00:00Z", "2026-03-25T23:00:00Z"),
    ("yesterday", "2026-03-23T23:00:00Z", "2026-03-24T23:00:00Z"),
    ("tomorrow", "2026-03-25T23:00:00Z", "2026-03-26T23:00:00Z"),
    ("wednesday", "2026-03-24T23:00:00Z", "2026-03-25T23:00:00Z"),
    ("Monday", "2026-03-22T23:00:00Z", "2026-03-23T23:00:00Z"),
    ("thu", "2026-03-18T23:00:00Z", "2026-03-19T23:00:00Z"),
    ("last tuesday", "2026-03-23T23:00:00Z", "2026-03-24T23:00:00Z"),
    // Of the day's own name it is the one a week ago.
    ("last wednesday", "2026-03-17T23:00:00Z", "2026-03-18T23:00:00Z"),
    ("last month", "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z"),
    ("last year", "2024-12-31T23:00:00Z", "2025-12-31T23:00:00Z"),
    ("24.11.2025", "2025-11-23T23:00:00Z", "2025-11-24T23:00:00Z"),
    ("1.3.2026", "2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z"),
    ("2026-03-01", "2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z"),
    ("2026-11", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
    ("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
    // The days when clocks change have 23 and 25 hours.
    ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
    ("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
  ])
  func spansGoFromMidnightToMidnight(_ text: String, _ start: String, _ end: String) throws {
    let span = try #require(read(text))
    #expect(span.start == (try Self.utc(start)))
    #expect(span.end == (try Self.utc(end)))
  }

  @Test(arguments: [(1, "2026-03-14T23:00:00Z"), (2, "2026-03-15T23:00:00Z")])
  func aWeekBeginsWhereTheCalendarSays(firstWeekday: Int, _ start: String) throws {
    var calendar = calendar
    calendar.firstWeekday = firstWeekday
    let week = try #require(TimeExpression("last week", now: now, calendar: calendar))
    #expect(week.start == (try Self.utc(start)) && week.end == week.start.addingTimeInterval(7 * 86_400))
  }

  @Test func daysFollowTheCalendarAndHoursTheClock() throws {
    // Monday, 30 March, 12:00 in Berlin, the day after clocks went forward.
    let monday = try Self.utc("2026-03-30T10:00:00Z")
    #expect(read("-2d", at: monday)?.start == (try Self.utc("2026-03-28T11:00:00Z")))
    #expect(read("-48h", at: monday)?.start == (try Self.utc("2026-03-28T10:00:00Z")))
    #expect(read("yesterday", at: monday)?.end == (try Self.utc("2026-03-29T22:00:00Z")))
  }

  @Test func aTimeThatTheClocksSkipIsTheNextOne() throws {
    #expect(read("2026-03-29T02:30")?.start == (try Self.utc("2026-03-29T01:30:00Z")))
  }

  @Test(arguments: [
    "", "soon", "-", "-2", "-2x", "2h", "ago", "h ago", "2026-13", "2026-02-30", "2026-2-3", "26-01-01", "25:00",
    "12:60", "2026-03T12:00", "2026-03-01T", "2026-03-01Tnoon", "2026-03-01T12:00+1", "yesterday noon", "now now",
    "-99999999999999999999h", "2026-11-22T14:30junk", "mond", "-5M", "2M ago",
    "last", "last night", "last mond", "last week 08:00", "24.11", "32.1.2026", "1.1.26",
  ])
  func otherTextsAreNoTimes(_ text: String) {
    #expect(read(text) == nil)
  }
}
