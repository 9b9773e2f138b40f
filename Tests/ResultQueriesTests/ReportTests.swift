import AmbqConfiguration
import Foundation
import NightReports
import ResultIndex
import TestFolders
import Testing

@testable import ResultQueries

struct ReportRequestTests {
  private let calendar: Calendar
  private let at: ClockTime
  /// Tuesday, 24 November 2026, 12:00 UTC.
  private let now = Date(timeIntervalSince1970: 1_795_521_600)

  init() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    self.calendar = calendar
    at = try #require(ClockTime("02:00"))
  }

  private func span(_ request: ReportRequest) throws -> ReportRequest.Span {
    try request.span(at: at, now: now, calendar: calendar)
  }

  private func night(_ day: String) throws -> ReportRequest.Span {
    .night(Night(try #require(CalendarDay(day)), at: at, calendar))
  }

  @Test func withoutAWishItIsTheLastNightThatIsOver() throws {
    #expect(try span(ReportRequest()) == night("2026-11-24"))
    let early = try ReportRequest().span(at: at, now: now - 11 * 3600, calendar: calendar)
    #expect(try early == night("2026-11-23"))
  }

  @Test func aDateNamesItsMorning() throws {
    #expect(try span(ReportRequest(date: "yesterday")) == night("2026-11-23"))
    #expect(try span(ReportRequest(date: "2026-11-01")) == night("2026-11-01"))
    // The night that has begun but is not over.
    #expect(try span(ReportRequest(date: "tomorrow")) == night("2026-11-25"))
  }

  @Test func aPeriodEndsNowWhereNothingElseIsSaid() throws {
    let monday = Date(timeIntervalSince1970: 1_795_392_000)
    #expect(try span(ReportRequest(since: "monday")) == .period(since: monday, until: now))
    #expect(
      try span(ReportRequest(since: "monday", until: "monday")) == .period(since: monday, until: monday + 86_400))
  }

  @Test(arguments: [
    (ReportRequest(until: "today"), "--until needs --since"),
    (ReportRequest(date: "someday"), "the day of --date cannot be read"),
    (ReportRequest(date: "2026-11-26"), "this night has not begun"),
    (ReportRequest(since: "whenever"), "the time of --since cannot be read"),
  ])
  func whatCannotBeIsRefused(_ request: ReportRequest, _ what: String) {
    #expect {
      try span(request)
    } throws: { error in
      (error as? QueryError)?.explanation.what == what
    }
  }
}

struct ReportDeliveryTests {
  private func report() throws -> NightReport {
    let sample = try SampleIndex()
    let settings = AmbdConfiguration(in: sample.layout.root)
    let request = ReportRequest(since: "2026-11-22T00:00:00Z", until: "2026-11-22T23:59:59Z")
    return try request.report(NightGathering(sample.reader, settings, .local), settings)
  }

  @Test func theFormatIsWhatIsAskedForElseWhatTheFileEndsIn() throws {
    let report = try report()
    func format(_ format: ReportFormat?, _ file: String?, opens: Bool = false) -> ReportFormat {
      ReportDelivery(report, format: format, file: file, opens: opens).format
    }
    #expect(format(nil, nil) == .text && format(nil, nil, opens: true) == .html && format(.json, nil) == .json)
    #expect(format(nil, "a.md") == .md && format(nil, "a.HTM") == .html && format(nil, "a.json") == .json)
    #expect(format(nil, "a.txt") == .text && format(nil, "a.pdf") == .text && format(.md, "a.html") == .md)
  }

  @Test func aReportToBeOpenedLiesInAFolderOfItsOwn() throws {
    let report = try report()
    let first = ReportDelivery(report, format: nil, file: nil, opens: true)
    let second = ReportDelivery(report, format: .text, file: nil, opens: true)
    #expect(first.file?.lastPathComponent == "ambq-report-period.html")
    #expect(second.file?.lastPathComponent == "ambq-report-period.txt")
    #expect(first.file?.deletingLastPathComponent() != second.file?.deletingLastPathComponent())
    #expect(first.isWanted && !ReportDelivery(report, format: nil, file: nil, opens: false).isWanted)
  }

  @Test func theDaemonsReportIsOpenedWhereItLiesIfItIsTheSame() throws {
    let (sample, nights) = (try SampleIndex(), try TemporaryFolder())
    let settings = AmbdConfiguration(in: nights.url)
    let night = try ReportRequest(date: "2026-11-23").report(
      NightGathering(sample.reader, settings, .local), settings)
    let output = nights.url.appendingPathComponent("output")
    func opened() throws -> String {
      let descriptor = open(output.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      defer { close(descriptor) }
      // Where there is no opener, the place is printed.
      try ReportDelivery(night, format: nil, file: nil, opens: true, nights: nights.url)
        .deliver(environment: ["PATH": "/nowhere"], descriptor: descriptor)
      return try String(contentsOf: output, encoding: .utf8).trimmingCharacters(in: .newlines)
    }
    let file = nights.url.appendingPathComponent("2026-11-23.html")
    try Data(night.page(amongNights: true).html.utf8).write(to: file)
    #expect(try opened() == file.path)
    try Data("older".utf8).write(to: file)
    let other = try opened()
    #expect(other != file.path && other.hasSuffix("ambq-report-2026-11-23.html"))
    try FileManager.default.removeItem(at: URL(fileURLWithPath: other).deletingLastPathComponent())
  }

  @Test func aFileHoldsTheReportAndAFolderThatIsMissingIsExplained() throws {
    let (report, folder) = (try report(), try TemporaryFolder())
    let file = folder.url.appendingPathComponent("report.json")
    try ReportDelivery(report, format: nil, file: file.path, opens: false).deliver(environment: [:])
    #expect(try Data(contentsOf: file) == report.json())
    let lost = ReportDelivery(report, format: nil, file: "/nowhere/at/all.md", opens: false)
    #expect {
      try lost.deliver(environment: [:])
    } throws: { error in
      let explanation = (error as? QueryError)?.explanation
      return explanation?.kind == .io && explanation?.location == "/nowhere/at/all.md"
    }
  }
}
