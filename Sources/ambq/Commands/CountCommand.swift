import ArgumentParser
import ResultIndex
import ResultQueries

extension UtteranceGrouping: ExpressibleByArgument {}

/// `ambq count`: how many utterances there are.
struct CountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count",
    abstract: "Count utterances, in all or by emotion, speaker, dialogue, model or day.",
    discussion: """
      Takes the filters of 'ambq list' and prints a number. With --by, a table with a count and a share each: the \
      largest first, days in their order.

      EXAMPLES:
        ambq count --emotion joy --since monday
        ambq count --by emotion
        ambq count --emotion anger --by day --since -1w
        ambq count --by speaker --limit 5 --format json
      """)

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @Option(
    help: ArgumentHelp("Count by this: emotion, speaker, dialogue, model or day (of scoring).", valueName: "what"))
  var by: UtteranceGrouping?

  @Option(help: ArgumentHelp("With --by: at most this many rows.", valueName: "n"))
  var limit: Int?

  @OptionGroup var fields: FieldOptions

  @Flag(help: "With --by: print names only, each ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if by == nil && (print0 || !fields.selection.isUsual) {
      throw ValidationError("--fields, --json and --print0 need --by: a count is one number.")
    }
    try fields.check(print0: print0)
    if let limit, limit < 0 { throw ValidationError("--limit is negative.") }
    if limit != nil && by == nil { throw ValidationError("--limit needs --by: a count is one number.") }
  }

  func run() throws {
    let console = try common.console(elsewhere: .tsv, fields: fields.wish, printsNames: print0)
    if fields.selection.asksForHelp, let by {
      try GroupListing(by, onlyCounts: true).listFields(on: console)
      return try console.flush()
    }
    let reader = try IndexReader(common.source.location().index)
    var query = try filters.query(reader)
    query.limit = limit
    let found: Int
    if let by {
      var listing = GroupListing(by, onlyCounts: true)
      listing.limit = limit
      found = try listing.write(query, reader, on: console)
    } else {
      found = try UtteranceOutput(reader, query, console).writeCount()
    }
    try console.flush()
    if found == 0 { throw try common.nothing(EmptyResult(reader).explanation(of: query)) }
  }
}
