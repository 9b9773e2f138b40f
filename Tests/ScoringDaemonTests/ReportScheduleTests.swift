import AmbqConfiguration
import Foundation
import NightReports
import Testing

@testable import ScoringDaemon

struct ReportScheduleTests {
  private func calendar(_ zone: String) throws -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: zone))
    return calendar
  }

  private func schedule(_ zone: String = "Europe/Berlin", keepDays: Int = 0) throws -> ReportSchedule {
    ReportSchedule(at: ClockTime(hour: 2), calendar: try calendar(zone), keepDays: keepDays)
  }

  private func moment(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

  private let full = NightCounts(bundles: 3, failures: 0, pending: 0)

  @Test func nightsAreLookedAtFromTheOldestAMonthBack() throws {
    let nights = try schedule().open(at: moment("2026-11-24T12:00:00Z"))
    #expect(nights.count == 31)
    #expect(nights.first?.date.text == "2026-10-25")
    #expect(nights.last?.date.text == "2026-11-24")
    #expect(zip(nights, nights.dropFirst()).allSatisfy { $0.end == $1.start })
  }

  @Test func aNightIsDueOnceItIsOverAndNotBefore() throws {
    let schedule = try schedule()
    #expect(schedule.open(at: try moment("2026-11-24T00:59:59Z")).last?.date.text == "2026-11-23")
    #expect(schedule.open(at: try moment("2026-11-24T01:00:00Z")).last?.date.text == "2026-11-24")
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-11-23T12:00:00Z", "2026-11-24T01:00:00Z"),
    ("Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
    ("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-30T00:00:00Z"),
    ("Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z"),
    ("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-26T01:00:00Z"),
    ("America/New_York", "2026-03-08T00:00:00Z", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T00:00:00Z", "2026-11-01T07:00:00Z"),
    ("Asia/Kolkata", "2026-11-23T12:00:00Z", "2026-11-23T20:30:00Z"),
    ("Pacific/Kiritimati", "2026-11-23T00:00:00Z", "2026-11-23T12:00:00Z"),
  ])
  func theNextNightEndsByTheClocksOfTheZone(zone: String, now: String, end: String) throws {
    #expect(try schedule(zone).nextEnd(after: moment(now)) == moment(end))
  }

  @Test func onlyNightsWithDataGetAReportAndOnlyOne() throws {
    let schedule = try schedule()
    #expect(!schedule.isDue(NightCounts(bundles: 0, failures: 0, pending: 0), written: nil))
    #expect(schedule.isDue(NightCounts(bundles: 0, failures: 1, pending: 0), written: nil))
    #expect(schedule.isDue(full, written: nil))
    #expect(!schedule.isDue(full, written: full))
  }

  @Test func aReportIsMadeAgainWhenItsProbesAreDoneAndNotMeanwhile() throws {
    let schedule = try schedule()
    let early = NightCounts(bundles: 3, failures: 0, pending: 2)
    #expect(schedule.isDue(early, written: nil))
    #expect(!schedule.isDue(NightCounts(bundles: 3, failures: 0, pending: 1), written: early))
    #expect(schedule.isDue(full, written: early))
  }

  @Test func aNightThatIsSettledIsNotLookedAtAgain() throws {
    var schedule = try schedule()
    let now = try moment("2026-11-24T12:00:00Z")
    for night in schedule.open(at: now).dropLast() { schedule.note(night, full, at: now) }
    let last = try #require(schedule.open(at: now).first)
    #expect(schedule.open(at: now).count == 1)
    schedule.note(last, NightCounts(bundles: 3, failures: 0, pending: 1), at: now)
    #expect(schedule.open(at: now) == [last])
    // The morning after, there is one more.
    #expect(schedule.open(at: try moment("2026-11-25T12:00:00Z")).map(\.date.text) == ["2026-11-24", "2026-11-25"])
  }

  @Test func aNightThatHasJustEndedIsLookedAtOnceMore() throws {
    var schedule = try schedule()
    let end = try moment("2026-11-24T01:00:00Z")
    let night = try #require(schedule.open(at: end).last)
    schedule.note(night, full, at: end)
    #expect(schedule.open(at: end).contains(night))
    schedule.note(night, full, at: end.addingTimeInterval(600))
    #expect(!schedule.open(at: end).contains(night))
  }

  @Test func aClockSetBackOpensAllNightsAgain() throws {
    var schedule = try schedule()
    let now = try moment("2026-11-24T12:00:00Z")
    for night in schedule.open(at: now) { schedule.note(night, full, at: now) }
    #expect(schedule.open(at: now).isEmpty)
    schedule.clockWasSetBack()
    #expect(schedule.open(at: now).count == 31)
  }

  @Test func reportsThatWouldBeDeletedAtOnceAreNotMade() throws {
    let now = try moment("2026-11-24T12:00:00Z")
    let schedule = try schedule(keepDays: 3)
    #expect(schedule.open(at: now).map(\.date.text) == ["2026-11-22", "2026-11-23", "2026-11-24"])
    #expect(schedule.firstKept(at: now)?.text == "2026-11-21")
  }
}
