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
      ambd writes the same reports by itself into reports/night of the spool. The filters of 'ambq list' make a report of some \
      utterances; it says on its first line of which, and below that what it leaves out. A report counts every scoring of its \
      period, as with --all-models.

      EXAMPLES:
        ambq report
        ambq report --open
        ambq report --date yesterday --format md
        ambq report --since monday --out week.html
        ambq report --since -1w --speaker Rachel --not-emotion neutral
        ambq report --check
      """)

  @Option(
    help: ArgumentHelp("The morning on which the night's report stands ready: 2026-11-24, today, …", valueName: "day"),
    completion: .times)
  var date: String?

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

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @OptionGroup var truth: TruthOptions

  @OptionGroup(title: "Source and output") var source: SourceOptions

  @OptionGroup(title: "Source and output") var pager: PagerOptions

  func validate() throws {
    if quiet && !check { throw ValidationError("--quiet is for --check: a report has something to say.") }
    let period = filters.period
    if date != nil && (period.since != nil || period.until != nil) {
      throw ValidationError("--date names a night, --since and --until another period: give one or the other.")
    }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let settings = try LoadedConfiguration(
      file: source.config.map { URL(fileURLWithPath: $0) }, environment: environment
    ).values
    let reader = try truth.reader(of: source)
    let query = try filters.query(reader)
    let filter = ReportFilter(query, options: query.typed(words: filters.text))
    if check, filter?.isByLabel == true {
      throw ValidationError("--check holds whole conversations against limits, none that are chosen by their labels.")
    }
    let request = ReportRequest(date: date, since: filters.period.since, until: filters.period.until)
    if let filter, let reason = try request.explanation(ofNothingFoundBy: filter, in: reader, settings) {
      throw quiet ? ExitCode(1) : NothingFound(reason)
    }
    let gathering = NightGathering(reader, settings, .local, filter: filter)
    let delivery = ReportDelivery(
      try request.report(gathering, settings), format: format, file: out, opens: open,
      nights: try source.location().spool?.nightReports)
    if !check || delivery.isWanted { try delivery.deliver(environment: environment, paging: pager.paging) }
    if check, try delivery.printVerdict(isSilent: quiet) { throw ExitCode(1) }
  }
}
