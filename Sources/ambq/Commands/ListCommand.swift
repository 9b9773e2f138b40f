import ArgumentParser
import Foundation
import Presentation
import ResultIndex

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
        ambq list --format jsonl | jq -r 'select(.confidence < 0.3) | .utterance'
      """)

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Sort by time, confidence, stability, dialogue, speaker or emotion; '-' before it: descending.",
      valueName: "field"))
  var sort: [String] = []

  @Option(help: ArgumentHelp("At most this many.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Without the first ones.", valueName: "n"))
  var offset = 0

  @Flag(help: "Print only how many there are.")
  var count = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit is negative.") }
    if offset < 0 { throw ValidationError("--offset is negative.") }
  }

  func run() throws {
    let reader = try IndexReader(Location(common).index)
    var query = try filters.query(reader)
    query.order = try NameList.split(sort).map(Self.order)
    query.limit = limit
    query.offset = offset
    let console = common.console(elsewhere: .tsv)
    let found = count ? try printCount(reader, query, console) : try UtteranceOutput(reader, query, console).write()
    try console.flush()
    if found == 0 {
      Console.complain(try EmptyResult(reader).explanation(of: query))
      throw ExitCode(1)
    }
  }

  private func printCount(_ reader: IndexReader, _ query: UtteranceQuery, _ console: Console) throws -> Int {
    let number = try reader.count(query)
    switch console.format {
    case .json, .jsonl:
      var json = JSONText()
      json.object { $0.member("count", number) }
      json.endLine(separated: false)
      try console.drain(&json.bytes)
    case .table, .csv, .tsv: try console.line(String(number))
    }
    return number
  }

  private static func order(_ text: String) throws -> UtteranceOrder {
    let descending = text.hasPrefix("-")
    guard let field = UtteranceOrder.Field(rawValue: descending ? String(text.dropFirst()) : text) else {
      throw CommandError(
        usage: "--sort knows no field '\(text)'",
        expected: UtteranceOrder.Field.allCases.map(\.rawValue).joined(separator: ", ") + ", each with '-' or without")
    }
    return UtteranceOrder(field, descending: descending)
  }
}
