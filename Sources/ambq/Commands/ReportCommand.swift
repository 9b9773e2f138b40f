import AmbqConfiguration
import ArgumentParser
import Foundation
import NightReports
import ResultIndex
import ResultQueries

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
    help: ArgumentHelp("The morning on which the night's report stands ready: 2026-11-24, today, …", valueName: "day"),
    completion: .times)
  var date: String?

  @OptionGroup var period: PeriodOptions

  @Option(help: "text (the default), html, md or json; with --out, what the file's name ends in.")
  var format: ReportFormat?

  @Option(help: ArgumentHelp("Write the report into this file.", valueName: "file"), completion: .file())
  var out: String?

  @Flag(help: "Open the report in a browser; where there is no xdg-open, print where it lies.")
  var open = false

  @Flag(help: "Print the limits that are broken, or that none is, and exit with 1 where one is.")
  var check = false

  @Flag(name: [.short, .long], help: "With --check: print nothing, the exit code tells.")
  var quiet = false

  @OptionGroup var truth: TruthOptions

  @OptionGroup(title: "Source and output") var source: SourceOptions

  @OptionGroup(title: "Source and output") var pager: PagerOptions

  func validate() throws {
    if quiet && !check { throw ValidationError("--quiet is for --check: a report has something to say.") }
    if date != nil && (period.since != nil || period.until != nil) {
      throw ValidationError("--date names a night, --since and --until another period: give one or the other.")
    }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let settings = try LoadedConfiguration(
      file: source.config.map { URL(fileURLWithPath: $0) }, environment: environment
    ).values
    let gathering = NightGathering(try truth.reader(of: source), settings, .local)
    let request = ReportRequest(date: date, since: period.since, until: period.until)
    let delivery = ReportDelivery(
      try request.report(gathering, settings), format: format, file: out, opens: open,
      nights: try source.location().spool?.nightReports)
    if !check || delivery.isWanted { try delivery.deliver(environment: environment, paging: pager.paging) }
    if check, try delivery.printVerdict(isSilent: quiet) { throw ExitCode(1) }
  }
}
