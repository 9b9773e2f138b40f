import ArgumentParser
import ResultExport
import ResultIndex
import ResultQueries

extension ExportFormat: ExpressibleByArgument {}

/// `ambq export`: labels in other programs' formats.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write labels for Praat, ELAN, subtitles, spreadsheets, notebooks and annotation tools.",
    discussion: """
      textgrid, elan, webvtt, srt and emotionml make a document of each dialogue, original one in the format in which the \
      dialogue came; the others make one of all. Every utterance that passes the filters is there: where there is no \
      label, with the reason. Files are written whole or not at all, and none is replaced without --force.

      EXAMPLES:
        ambq export --to textgrid --dialogue dev-12 --out dev-12.TextGrid
        ambq export --to elan --since yesterday --out elan/
        ambq export --to csv --csv-safe --since -1w --out labels.csv
        ambq export --to parquet --out labels.parquet
        ambq export --to webvtt --dialogue support-call | less
        ambq export --to label-studio --uncertain --out tasks.json
        ambq export --to original --bundle 'interview*' --out annotated/
      """)

  @Option(help: "The format.")
  var to: ExportFormat

  @Option(
    help: ArgumentHelp("The file or folder to write; without, standard output.", valueName: "path"), completion: .file()
  )
  var out: String?

  @Flag(help: "Replace files that are there already.")
  var force = false

  @Flag(help: "In CSV, no text begins a formula: an apostrophe stands before =, +, - and @.")
  var csvSafe = false

  @Option(
    help: ArgumentHelp(
      "In formats that need times, lay out turns without, each this long, one after the other.", valueName: "seconds"))
  var secondsPerTurn: Double?

  @Flag(name: [.short, .long], help: "Say nothing but what is wrong: neither remarks nor why nothing was found.")
  var quiet = false

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @OptionGroup(title: "Source") var source: SourceOptions

  func run() throws {
    let reader = try IndexReader(source.location().index)
    let query = try filters.query(reader)
    let export = try LabelExport(reader, query, format: to, isSafe: csvSafe, secondsPerTurn: secondsPerTurn)
    let summary = try export.write(to: out, replacing: force)
    if summary.utterances == 0 {
      if quiet { throw ExitCode(1) }
      throw NothingFound(try EmptyResult(reader).explanation(of: query))
    }
    for remark in summary.remarks where !quiet { AmbqCommand.complain(remark) }
  }
}
