import ArgumentParser
import Foundation
import ResultIndex
import ResultQueries

/// `ambq sql`: anything the other commands do not answer.
struct SQLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Ask the index in SQL, read-only.",
    discussion: """
      The views utterances, probabilities, dialogues, bundles, aliases, failures, probes and models have names instead \
      of numbers; --views lists their columns. SQL is SQLite's. Nothing can be written.

      EXAMPLES:
        ambq sql 'SELECT speaker, emotion, count(*) n FROM utterances GROUP BY 1, 2 ORDER BY n DESC'
        ambq sql "SELECT dialogue, turn, text FROM utterances WHERE emotion = 'anger' AND confidence > 0.9"
        ambq sql 'SELECT kind, count(*) FROM failures GROUP BY kind' --format json
        ambq sql --views
        ambq sql - < question.sql
      """)

  @Argument(help: ArgumentHelp("One statement; - reads it from standard input.", valueName: "query"))
  var query: String?

  @Flag(help: "List the views with their columns.")
  var views = false

  @Flag(help: "Also scorings that another model's scoring of the same bundle has superseded.")
  var allModels = false

  @Option(help: ArgumentHelp("How long SQLite may work on it, in seconds; 0 for no limit.", valueName: "seconds"))
  var timeout = 60.0

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    guard (query == nil) == views else { throw ValidationError("Give a query, or --views.") }
    guard timeout >= 0, timeout <= 1e9 else { throw ValidationError("--timeout is negative, or no number of seconds.") }
  }

  func run() throws {
    let console = try common.console(elsewhere: .tsv, fields: FieldWish())
    guard let query else {
      try SQLOutput.listViews(on: console)
      return try console.flush()
    }
    let text = query == "-" ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) : query
    var question = SQLQuery(text)
    question.allModels = allModels
    question.limit = timeout == 0 ? nil : .seconds(timeout)
    let found = try SQLOutput(IndexReader(common.source.location().index), console).write(question)
    try console.flush()
    if found == 0 { throw common.nothing("nothing found: the query gives no row") }
  }
}
