import ArgumentParser
import ResultIndex
import ResultQueries

/// `ambq bundles`: what has been scored, and what could not be.
struct BundlesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundles",
    abstract: "List bundles with their state.",
    discussion: """
      A bundle is scored, superseded (another model has scored the same bytes since; with --all-models only), \
      deferred (the daemon will try again) or failed. Its probe is pending, done or skipped (JSON, CSV and TSV say why).

      EXAMPLES:
        ambq bundles
        ambq bundles --since yesterday --sort -utterances
        ambq bundles --state failed
        ambq bundles --state failed --print0 | xargs -0 ambq retry
        ambq bundles --format csv > bundles.csv
      """)

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "This bundle: its file name (* and ? stand for any characters and for one) or the beginning of its digest.",
      valueName: "name"), completion: .bundles)
  var bundle: [String] = []

  @OptionGroup var period: PeriodOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Scored by this model: its name or the beginning of its digest.", valueName: "name"),
    completion: .models)
  var model: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("In this state: scored, superseded, deferred or failed.", valueName: "state"),
    completion: .list(["scored", "superseded", "deferred", "failed"]))
  var state: [String] = []

  @Flag(help: "Also scorings that another model's scoring of the same bundle has superseded.")
  var allModels = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sort by time, name, utterances or seconds; '-' before it: descending.", valueName: "field"),
    completion: .order(BundleQuery.Field.allCases.map(\.rawValue)))
  var sort = "time"

  @Option(help: ArgumentHelp("At most this many.", valueName: "n"))
  var limit: Int?

  @Flag(help: "Print file names only, each ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit is negative.") }
  }

  func run() throws {
    let reader = try IndexReader(common.source.location().index)
    var listing = BundleListing()
    (listing.bundles, listing.models, listing.states) = (bundle, model, state)
    (listing.allModels, listing.sort, listing.limit) = (allModels, sort, limit)
    let console = try common.console(elsewhere: .tsv, printsNames: print0)
    let found = try listing.write(period.period(), reader, on: console)
    try console.flush()
    if found == 0 { throw try common.nothing(EmptyResult(reader).explanationOfNoBundles()) }
  }
}
