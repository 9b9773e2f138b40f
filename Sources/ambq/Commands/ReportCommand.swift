import AmbqConfiguration
import ArgumentParser
import Foundation
import NightReports
import Presentation
import ResultIndex

/// `ambq report`: the nightly report, made from the index at any time.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Report on a night: emotions, failures, drift, and how far the labels can be trusted.",
    discussion: """
      A night is the day up to report.at (02:00) on its date, local time; without any option, the last one that is over. \
      ambd writes the same reports by itself into reports/night of the spool.

      EXAMPLES:
        ambq report
        ambq report --open
        ambq report --date yesterday --format md
        ambq report --since monday --out week.html
        ambq report --check
      """)

  @Option(
    help: ArgumentHelp("The morning on which the night's report stands ready: 2026-11-24, today, …", valueName: "day"))
  var date: String?

  @OptionGroup var period: PeriodOptions

  @Option(help: "text (the default), html, md or json; with --out, what the file's name ends in.")
  var format: ReportFormat?

  @Option(help: ArgumentHelp("Write the report into this file.", valueName: "file"))
  var out: String?

  @Flag(help: "Open the report in a browser; where there is no xdg-open, print where it lies.")
  var open = false

  @Flag(help: "Print the limits that are broken, or that none is, and exit with 1 where one is.")
  var check = false

  @OptionGroup(title: "Source and output") var source: SourceOptions

  func validate() throws {
    if date != nil && (period.since != nil || period.until != nil) {
      throw ValidationError("--date names a night, --since and --until another period: give one or the other.")
    }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let settings = try LoadedConfiguration(
      file: source.config.map { URL(fileURLWithPath: $0) }, environment: environment
    ).values
    let reader = try IndexReader(Location(source).index)
    let gathering = NightGathering(reader, settings, .local)
    let report = try report(gathering, settings.report.at)
    let delivery = ReportDelivery(report, format: format, file: out, opens: open)
    if !check || delivery.isWanted { try delivery.deliver() }
    guard check else { return }
    var writer = OutputWriter(descriptor: STDOUT_FILENO)
    for line in report.verdict.broken { try writer.line(line) }
    if report.verdict.broken.isEmpty { try writer.line(report.verdict.line) }
    try writer.flush()
    if !report.verdict.broken.isEmpty { throw ExitCode(1) }
  }

  private func report(_ gathering: NightGathering, _ at: ClockTime) throws -> NightReport {
    let now = Date()
    if period.since != nil || period.until != nil {
      let (since, until) = try period.period(now: now)
      guard let since else {
        throw CommandError(
          usage: "--until needs --since", remedy: "Say when the period begins, as in --since yesterday.")
      }
      return try gathering.report(since: since, until: until ?? now)
    }
    guard let date else { return try gathering.report(of: Night.last(before: now, at: at, .local)) }
    guard let time = TimeExpression(date, now: now, calendar: .local) else {
      throw CommandError(
        usage: "the day of --date cannot be read", found: "'\(date)'", expected: "2026-11-24, today, yesterday, monday")
    }
    let night = Night(CalendarDay(time.start, .local), at: at, .local)
    guard night.start <= now else {
      throw CommandError(usage: "this night has not begun", found: "--date \(night.date.text)")
    }
    return try gathering.report(of: night)
  }
}
