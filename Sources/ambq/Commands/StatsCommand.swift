import ArgumentParser
import ResultIndex
import ResultQueries

/// `ambq stats`: counts per emotion, speaker and bundle.
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Count emotions, in all and per speaker and bundle.",
    discussion: """
      Takes the filters of 'ambq list'. Where bundles carry labels of their own, it also says how well ours agree.

      EXAMPLES:
        ambq stats
        ambq stats --since yesterday --until yesterday
        ambq stats --speaker Rachel --min-confidence 0.5
        ambq stats --bundle friday.h5 --format json
      """)

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @Option(
    help: ArgumentHelp("Speakers and bundles to show, those with most utterances first; 0 for all.", valueName: "n"))
  var top = 10

  @OptionGroup var truth: TruthOptions

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if top < 0 { throw ValidationError("--top is negative.") }
  }

  func run() throws {
    let reader = try truth.reader(of: common.source)
    let query = try filters.query(reader)
    let console = try common.console(elsewhere: .table, fields: nil)
    let statistics = try Statistics(reader, query)
    try StatisticsPrinter(statistics, console).print(top: top)
    try console.flush()
    if statistics.utterances == 0 { throw try common.nothing(EmptyResult(reader).explanation(of: query)) }
  }
}
