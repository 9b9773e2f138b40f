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
      deferred (the daemon will try again) or failed. Takes the filters of 'ambq list': those on utterances leave the bundles \
      that hold one which passes. Its probe is pending, done or skipped (JSON, CSV and TSV say why).

      EXAMPLES:
        ambq bundles
        ambq bundles --since yesterday --sort -utterances
        ambq bundles --emotion anger --min-confidence 0.9
        ambq bundles --state failed
        ambq bundles --state failed --print0 | xargs -0 ambq retry
        ambq bundles --format csv > bundles.csv
      """)

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("In this state: scored, superseded, deferred or failed.", valueName: "state"),
    completion: .list(["scored", "superseded", "deferred", "failed"]))
  var state: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sort by time, name, utterances or seconds; '-' before it: descending.", valueName: "field"),
    completion: .order(BundleQuery.Field.allCases.map(\.rawValue)))
  var sort = "time"

  @Option(help: ArgumentHelp("At most this many.", valueName: "n"))
  var limit: Int?

  @OptionGroup var fields: FieldOptions

  @Flag(help: "Print file names only, each ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit is negative.") }
    try fields.check(print0: print0)
  }

  func run() throws {
    let console = try common.console(elsewhere: .tsv, fields: fields.wish, printsNames: print0)
    if fields.selection.asksForHelp {
      try BundleListing.listFields(on: console)
      return try console.flush()
    }
    let reader = try IndexReader(common.source.location().index)
    var listing = BundleListing()
    (listing.bundles, listing.models, listing.states) = (filters.bundle, filters.model, state)
    (listing.allModels, listing.sort, listing.limit) = (filters.allModels, sort, limit)
    let query = try filters.query(reader)
    if !query.isOfWholeBundles { listing.utterances = query }
    let found = try listing.write(filters.period.period(), reader, on: console)
    try console.flush()
    if found == 0 { throw try common.nothing(EmptyResult(reader).explanationOfNoBundles(since: query.since)) }
  }
}
