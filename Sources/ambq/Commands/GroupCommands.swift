import ArgumentParser
import ResultIndex
import ResultQueries

/// What the four commands take that say what there is.
struct GroupOptions: ParsableArguments {
  @OptionGroup(title: "Filters") var filters: FilterOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Sort by utterances, name, confidence or time; '-' before it: descending.", valueName: "field"),
    completion: .order(GroupOrder.Field.allCases.map(\.rawValue)))
  var sort: String?

  @Option(help: ArgumentHelp("At most this many.", valueName: "n"))
  var limit: Int?

  @OptionGroup var fields: FieldOptions

  @Flag(help: "Print names only, each ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit is negative.") }
    try fields.check(print0: print0)
  }

  /// Lists the groups of the utterances that pass the filters.
  func list(_ grouping: UtteranceGrouping) throws {
    let console = try common.console(elsewhere: .tsv, fields: fields.wish, printsNames: print0)
    var listing = GroupListing(grouping)
    if fields.selection.asksForHelp {
      try listing.listFields(on: console)
      return try console.flush()
    }
    let reader = try IndexReader(common.source.location().index)
    var query = try filters.query(reader)
    query.limit = limit
    (listing.sort, listing.limit) = (sort, limit)
    let found = try listing.write(query, reader, on: console)
    try console.flush()
    if found == 0 { throw try common.nothing(EmptyResult(reader).explanation(of: query)) }
  }
}

/// `ambq dialogues`: which dialogues there are.
struct DialoguesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dialogues",
    abstract: "List dialogues with their utterances, speakers and emotions.",
    discussion: """
      Takes the filters of 'ambq list' and counts the utterances that pass them. In the order of time, and of the \
      bundle.

      EXAMPLES:
        ambq dialogues --since yesterday
        ambq dialogues --emotion anger --sort -utterances --limit 5
        ambq dialogues --speaker Rachel --format csv > rachel.csv
        ambq dialogues --format jsonl | jq -r 'select(.emotions.anger > 2) | .dialogue'
      """)

  @OptionGroup var options: GroupOptions

  func run() throws { try options.list(.dialogue) }
}

/// `ambq speakers`: who speaks.
struct SpeakersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speakers",
    abstract: "List speakers with their utterances, dialogues and emotions.",
    discussion: """
      Takes the filters of 'ambq list' and counts the utterances that pass them. Those with most utterances come first.

      EXAMPLES:
        ambq speakers
        ambq speakers --emotion anger --min-confidence 0.8
        ambq speakers --dialogue dev-12 --sort name
      """)

  @OptionGroup var options: GroupOptions

  func run() throws { try options.list(.speaker) }
}

/// `ambq emotions`: which emotions there are.
struct EmotionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emotions",
    abstract: "List emotions with their utterances, share and confidence.",
    discussion: """
      Takes the filters of 'ambq list' and counts the utterances that pass them. The most frequent comes first; those \
      that the models know and nobody was given come last.

      EXAMPLES:
        ambq emotions
        ambq emotions --speaker Ross --since -1w
        ambq emotions --uncertain --sort -utterances
      """)

  @OptionGroup var options: GroupOptions

  func run() throws { try options.list(.emotion) }
}

/// `ambq models`: which models labelled what there is.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List models with their bundles, utterances and times.",
    discussion: """
      Takes the filters of 'ambq list' and counts the utterances that pass them. The model that scored last comes \
      first. A model all of whose labels another's have superseded is there with --all-models.

      EXAMPLES:
        ambq models
        ambq models --all-models
        ambq models --bundle friday.h5 --format json
      """)

  @OptionGroup var options: GroupOptions

  func run() throws { try options.list(.model) }
}
