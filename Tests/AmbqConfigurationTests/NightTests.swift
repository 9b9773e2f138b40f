import Foundation
import Testing

@testable import AmbqConfiguration

struct NightTests {
  private func calendar(_ zone: String) throws -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: zone))
    return calendar
  }

  private func moment(_ text: String) throws -> Date {
    try Date(text, strategy: .iso8601)
  }

  /// Zone, time of day, morning, expected length in hours.
  @Test(arguments: [
    ("Europe/Berlin", "02:00", "2026-11-24", 24.0),
    // Clocks go from 2:00 to 3:00 that morning; two o'clock is when they do.
    ("Europe/Berlin", "02:00", "2026-03-29", 24.0), ("Europe/Berlin", "02:00", "2026-03-30", 23.0),
    ("Europe/Berlin", "06:00", "2026-03-29", 23.0), ("Europe/Berlin", "02:30", "2026-03-29", 23.5),
    // And from 3:00 back to 2:00; the first of two counts.
    ("Europe/Berlin", "02:00", "2026-10-25", 24.0), ("Europe/Berlin", "02:00", "2026-10-26", 25.0),
    ("Europe/Berlin", "04:00", "2026-10-25", 25.0),
    ("America/New_York", "02:00", "2026-03-08", 24.0), ("America/New_York", "02:00", "2026-03-09", 23.0),
    ("America/New_York", "01:30", "2026-11-01", 24.0), ("America/New_York", "01:30", "2026-11-02", 25.0),
    ("Asia/Kolkata", "02:00", "2026-03-29", 24.0),
    // Half an hour.
    ("Australia/Lord_Howe", "06:00", "2026-10-04", 23.5), ("Australia/Lord_Howe", "06:00", "2026-04-05", 24.5),
    // Midnight itself is skipped.
    ("Africa/Cairo", "00:00", "2026-04-24", 24.0), ("Africa/Cairo", "00:00", "2026-04-25", 23.0),
  ])
  func aNightIsADayByTheCalendar(zone: String, time: String, morning: String, hours: Double) throws {
    let night = Night(
      try #require(CalendarDay(morning)), at: try #require(ClockTime(time)), try calendar(zone))
    #expect(night.end.timeIntervalSince(night.start) / 3600 == hours)
  }

  @Test(arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu"])
  func nightsAbutAllYearRound(zone: String) throws {
    let calendar = try calendar(zone)
    for time in ["00:00", "02:00", "02:30", "12:00"] {
      let at = try #require(ClockTime(time))
      var night = Night(try #require(CalendarDay("2026-01-01")), at: at, calendar)
      for _ in 0..<366 {
        let next = night.back(-1, at: at, calendar)
        #expect(next.start == night.end && next.end > next.start)
        #expect(next.back(1, at: at, calendar) == night)
        night = next
      }
    }
  }

  @Test func theLastNightIsTheOneThatIsOver() throws {
    let calendar = try calendar("Europe/Berlin")
    let at = ClockTime(hour: 2)
    let before = Night.last(before: try moment("2026-11-24T00:59:59Z"), at: at, calendar)
    let after = Night.last(before: try moment("2026-11-24T01:00:00Z"), at: at, calendar)
    #expect(before.date.text == "2026-11-23")
    #expect(after.date.text == "2026-11-24")
    #expect(after.end == (try moment("2026-11-24T01:00:00Z")))
    #expect(after.start == before.end)
  }

  @Test(arguments: ["2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-01-01x", ""])
  func whatIsNoDayIsRefused(text: String) {
    #expect(CalendarDay(text) == nil)
  }

  @Test(arguments: ["24:00", "2", "02:60", "2:0", "-1:00", "02:00:00", "two"])
  func whatIsNoTimeOfDayIsRefused(text: String) {
    #expect(ClockTime(text) == nil)
  }

  @Test func daysCountAcrossMonthsAndYears() throws {
    let day = try #require(CalendarDay("2026-12-31"))
    #expect(day.adding(days: 1).text == "2027-01-01")
    #expect(day.adding(days: -366).text == "2025-12-30")
    #expect(ClockTime("2:05")?.text == "02:05")
  }
}
