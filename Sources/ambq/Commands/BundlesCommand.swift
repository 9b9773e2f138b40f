import ArgumentParser
import Presentation
import ResultIndex

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
        ambq bundles --format csv > bundles.csv
      """)

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "This bundle: its file name (* and ? stand for any characters and for one) or the beginning of its digest.",
      valueName: "name"))
  var bundle: [String] = []

  @OptionGroup var period: PeriodOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Scored by this model: its name or the beginning of its digest.", valueName: "name"))
  var model: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("In this state: scored, superseded, deferred or failed.", valueName: "state"))
  var state: [String] = []

  @Flag(help: "Also scorings that another model's scoring of the same bundle has superseded.")
  var allModels = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sort by time, name, utterances or seconds; '-' before it: descending.", valueName: "field"))
  var sort = "time"

  @Option(help: ArgumentHelp("At most this many.", valueName: "n"))
  var limit: Int?

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit is negative.") }
  }

  func run() throws {
    let states = try NameList.split(state).map(Self.state)
    let reader = try IndexReader(Location(common).index)
    let names = NameList.split(bundle)
    var query = BundleQuery()
    query.bundles = names
    query.models = NameList.split(model)
    (query.since, query.until) = try period.period()
    query.allModels = allModels || states.contains(.superseded)
    let descending = sort.hasPrefix("-")
    guard let field = BundleQuery.Field(rawValue: descending ? String(sort.dropFirst()) : sort) else {
      throw CommandError(
        usage: "--sort knows no field '\(sort)'",
        expected: BundleQuery.Field.allCases.map(\.rawValue).joined(separator: ", ") + ", each with '-' or without")
    }
    let failures = query.models.isEmpty ? try reader.failures(FailureQuery(query)) : []
    let probes = try reader.probeStates()
    var entries = try reader.bundles(query).map { BundleEntry($0, probes[$0.id]) } + failures.map(BundleEntry.init)
    if !states.isEmpty { entries.removeAll { !states.contains($0.state) } }
    entries = BundleEntry.sorted(entries, by: field, descending: descending)
    if let limit { entries = Array(entries.prefix(limit)) }

    let console = common.console(elsewhere: .tsv)
    try BundlePrinter(console).print(entries)
    try console.flush()
    if entries.isEmpty {
      let isNew = try reader.totals().bundles == 0
      Console.complain(
        isNew ? "nothing found: the index holds no scored bundle yet" : "nothing found: no bundle passes all filters")
      throw ExitCode(1)
    }
  }

  private static func state(_ text: String) throws -> BundleEntry.State {
    guard let state = BundleEntry.State(rawValue: text.lowercased()) else {
      throw CommandError(
        usage: "--state knows no state '\(text)'",
        expected: BundleEntry.State.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return state
  }
}
