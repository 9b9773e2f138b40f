import Foundation
import Presentation
import Testing

struct TimeTextTests {
  private func calendar(_ zone: TimeZone?) throws -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(zone)
    return calendar
  }

  /// 1603 to 2408, which leap years of every sort fall into.
  @Test func isoDatesAreThoseOfFoundationsCalendar() throws {
    let calendar = try calendar(.gmt)
    var days = Array(stride(from: -134_000, through: 160_000, by: 37))
    for year in [1700, 1900, 1969, 1970, 1972, 2000, 2024, 2026, 2100, 2400] {
      for (month, day) in [(1, 1), (2, 28), (2, 29), (3, 1), (12, 31)] {
        let parts = DateComponents(year: year, month: month, day: day)
        days.append(Int(try #require(calendar.date(from: parts)).timeIntervalSince1970 / 86_400))
      }
    }
    for day in days {
      let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 3661)
      let parts = calendar.dateComponents([.year, .month, .day], from: date)
      func two(_ number: Int?) -> String { number.map { $0 < 10 ? "0\($0)" : "\($0)" } ?? "" }
      #expect(TimeText.iso(date) == "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day))T01:01:01.000Z")
    }
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (-0.5, "1969-12-31T23:59:59.500Z"), (0.9996, "1970-01-01T00:00:01.000Z"),
    (1_795_376_400.125, "2026-11-22T19:40:00.125Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
    (-62_135_596_800, "0001-01-01T00:00:00.000Z"),
  ])
  func isoTimesHaveMilliseconds(_ seconds: Double, _ expected: String) {
    #expect(TimeText.iso(Date(timeIntervalSince1970: seconds)) == expected)
  }

  @Test func localTimesShowTheYearWhereItIsAnother() throws {
    let calendar = try calendar(.current)
    func date(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int) throws -> Date {
      try #require(
        calendar.date(from: DateComponents(year: year, month: month, day: day, hour: hour, minute: minute)))
    }
    let now = try date(2026, 11, 24, 12, 0)
    #expect(TimeText.local(try date(2026, 11, 22, 19, 5), now: now) == "22 Nov 19:05")
    #expect(TimeText.local(try date(2026, 1, 2, 13, 0), now: now) == " 2 Jan 13:00")
    #expect(TimeText.local(try date(2025, 12, 31, 23, 59), now: now) == "31 Dec  2025")
  }

  @Test(arguments: [
    (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (172_799, "47 h"), (172_800, "2 days"),
    (1e7, "115 days"), (-5, "0 s"), (.nan, "0 s"), (.infinity, "0 s"),
  ])
  func durationsAreInTheirLargestUnit(_ seconds: Double, _ expected: String) {
    #expect(TimeText.duration(seconds) == expected)
  }

  @Test(arguments: [
    (0, "0:00"), (65.9, "1:05"), (3599, "59:59"), (3723, "1:02:03"), (-3, "0:00"), (.nan, "?"), (1e12, "?"),
  ])
  func placesInARecordingAreClockTimes(_ seconds: Double, _ expected: String) {
    #expect(TimeText.clock(seconds) == expected)
  }

  @Test func momentsAreThoseOfTheZonesClocks() throws {
    let berlin = try calendar(TimeZone(identifier: "Europe/Berlin"))
    // 01:00 UTC is when the clocks were set back from 3:00 to 2:00.
    let change = Date(timeIntervalSince1970: 1_792_890_000)
    #expect(TimeText.moment(change - 1, berlin) == "Sun 25 Oct 2026 02:59")
    #expect(TimeText.moment(change, berlin) == "Sun 25 Oct 2026 02:00")
    #expect(TimeText.day(change, berlin) == "Sun 25 Oct 2026" && TimeText.timeOfDay(change, berlin) == "02:00")
    #expect(TimeText.moment(change, try calendar(.gmt)) == "Sun 25 Oct 2026 01:00")
  }
}
