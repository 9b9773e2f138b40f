import AmbqConfiguration
import ArgumentParser
import Foundation
import ResultIndex

/// `ambq errors`: what could not be scored, why, and how to go on.
struct ErrorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "errors",
    abstract: "Say why bundles failed and how to requeue them.",
    discussion: """
      Lists the bundles that wait in failed/ and deferred/. A failure is settled when a bundle of that name or those \
      bytes is scored; --all lists the settled ones, too.

      EXAMPLES:
        ambq errors
        ambq errors --bundle friday.h5
        ambq errors --format json | jq -r '.[].requeue'
      """)

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("This bundle: its file name; * and ? stand for any characters and for one.", valueName: "name"))
  var bundle: [String] = []

  @OptionGroup var period: PeriodOptions

  @Flag(help: "Also failures that are settled.")
  var all = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func run() throws {
    let location = try Location(common)
    let reader = try IndexReader(location.index)
    var query = FailureQuery()
    query.names = NameList.split(bundle)
    (query.since, query.until) = try period.period()
    query.includesResolved = all
    let spool = try location.spool ?? reader.heartbeat().map { SpoolLayout(root: URL(fileURLWithPath: $0.spool)) }
    let entries = try reader.failures(query).map { ErrorEntry($0, spool: spool) }
    let console = common.console(elsewhere: .tsv)
    try ErrorPrinter(console).print(entries)
    try console.flush()
    if entries.isEmpty {
      Console.complain(
        bundle.isEmpty ? "no bundle waits for mending" : "nothing found: no such bundle waits for mending")
      throw ExitCode(1)
    }
  }
}
