import ArgumentParser
import ResultIndex
import ResultQueries

/// `ambq list`: utterances, filtered.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List utterances.",
    discussion: """
      All filters combine. Those that take names may be repeated or take a list with commas: of the values of one \
      filter one must hold, of different filters all.

      EXAMPLES:
        ambq list --emotion anger,disgust --since yesterday
        ambq list --not-emotion neutral --speaker Rachel,Ross --min-confidence 0.8
        ambq list --dialogue 'dev-1*' --sort -confidence --limit 10
        ambq list --since monday --until wednesday --format csv > labels.csv
        ambq list --emotion joy --count
        ambq list --unstable --sort stability
        ambq list --uncertain --in-set anger --set
        ambq list --fields speaker,emotion,text --format csv
        ambq list --json dialogue,emotion,confidence --speaker Rachel
        ambq list --format '{dialogue}:{turn} {speaker} {emotion} {confidence:.2}'
        ambq list --emotion anger --min-confidence 0.9 --quiet && echo 'somebody is angry'
        ambq list --format jsonl | jq -r 'select(.confidence < 0.3) | .utterance'
      """)

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Sort by time, confidence, stability, dialogue, speaker or emotion; '-' before it: descending.",
      valueName: "field"), completion: .order(UtteranceOrder.Field.allCases.map(\.rawValue)))
  var sort: [String] = []

  @Option(help: ArgumentHelp("At most this many.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Without the first ones.", valueName: "n"))
  var offset = 0

  @Flag(help: "Print only how many there are.")
  var count = false

  @Flag(help: "Show the set of each label: the emotions that cannot be ruled out.")
  var set = false

  @OptionGroup var fields: FieldOptions

  @Flag(help: "Print ids only, or one field of --fields, each ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup var truth: TruthOptions

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit is negative.") }
    if offset < 0 { throw ValidationError("--offset is negative.") }
    if count && print0 { throw ValidationError("--count prints a number, --print0 names: take one of them.") }
  }

  func run() throws {
    let console = try common.console(elsewhere: .tsv, fields: fields.wish, printsNames: print0)
    if fields.selection.asksForHelp {
      try UtteranceFields.list(on: console)
      return try console.flush()
    }
    let reader = try truth.reader(of: common.source)
    var query = try filters.query(reader, sort: sort)
    (query.limit, query.offset) = (limit, offset)
    let output = try UtteranceOutput(
      reader, common.quiet && !count ? query.forOne : query, console, fields: UtteranceFields(fields.selection),
      showsSets: set || !filters.inSet.isEmpty)
    let found = count ? try output.writeCount() : try output.write()
    try console.flush()
    if found == 0 { throw try common.nothing(EmptyResult(reader).explanation(of: query)) }
  }
}
