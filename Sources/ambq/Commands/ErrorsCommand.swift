import ArgumentParser
import ResultIndex
import ResultQueries

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
    help: ArgumentHelp("This bundle: its file name; * and ? stand for any characters and for one.", valueName: "name"),
    completion: .bundles)
  var bundle: [String] = []

  @OptionGroup var period: PeriodOptions

  @Flag(help: "Also failures that are settled.")
  var all = false

  @OptionGroup var fields: FieldOptions

  @Flag(help: "Print only where the files lie, each path ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws { try fields.check(print0: print0) }

  func run() throws {
    let console = try common.console(elsewhere: .tsv, fields: fields.wish, printsNames: print0)
    if fields.selection.asksForHelp {
      try FailureListing.listFields(on: console)
      return try console.flush()
    }
    let location = try common.source.location()
    let asked = try period.period()
    var listing = FailureListing()
    (listing.bundles, listing.includesResolved) = (bundle, all)
    let found = try listing.write(asked, IndexReader(location.index), at: location, on: console)
    try console.flush()
    if found == 0 { throw common.nothing(listing.explanationOfNone(in: asked)) }
  }
}
