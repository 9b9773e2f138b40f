import ArgumentParser
import Foundation
import Presentation
import ResultIndex
import ResultQueries

/// `ambq show`: one dialogue, turn by turn.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a dialogue turn by turn.",
    discussion: """
      Each turn has its speaker, emotion, confidence, and a bar of what text (t), visual (v) and audio (a) brought to \
      the label, in per cent; where the bundle was probed also the share of noisy runs that keep the label. '≠' marks a label that differs from the true emotion, where that is known.

      EXAMPLES:
        ambq show dev-12
        ambq show dev-12 --bundle friday.h5
        ambq show dev-12 --speaker Rachel --not-emotion neutral
        ambq show 'dev-1*'
        ambq show dev-12 --format json
        ambq show dev-12 --html
        ambq show dev-12 --html talk.html --open
      """)

  @Argument(
    help: ArgumentHelp("The dialogue; * and ? stand for any characters and for one.", valueName: "dialogue"),
    completion: .dialogues)
  var dialogue: String

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @Option(
    help: ArgumentHelp(
      "Write a page of its own into this file, which ends in .html, or '-'; without one, a file called as the dialogue is.",
      valueName: "file"), completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Open the page in a browser; where there is no xdg-open, print where it lies.")
  var open = false

  @OptionGroup var explaining: ExplainingOptions

  @OptionGroup var fields: FieldOptions

  @Flag(help: "Print ids only, or one field of --fields, each ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup var truth: TruthOptions

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if !filters.dialogue.isEmpty {
      throw ValidationError("The dialogue to show stands without --dialogue; * and ? may be in its name.")
    }
    if html == nil && open { throw ValidationError("--open opens the page that --html writes: give both.") }
    if html != nil && (common.format != nil || !fields.selection.isUsual || print0) {
      throw ValidationError("--html writes a page, which has no --format, --fields, --json or --print0.")
    }
    if html == "-" && open { throw ValidationError("--open needs a file: leave '-' away.") }
  }

  func run() throws {
    if let html { return try writePage(to: html) }
    let console = try common.console(elsewhere: .table, fields: fields.wish, printsNames: print0)
    if fields.selection.asksForHelp {
      try UtteranceFields.list(on: console)
      return try console.flush()
    }
    let reader = try truth.reader(of: common.source)
    let query = try query(reader)
    let chosen = try UtteranceFields(fields.selection)
    let (found, remark) =
      console.drawsTable
      ? try DialogueTimelines(reader, console).draw(query)
      : (try UtteranceOutput(reader, query, console, fields: chosen).write(), nil)
    try console.flush()
    if let remark, !common.quiet { AmbqCommand.complain(remark) }
    if found == 0 { throw try common.nothing(EmptyResult(reader).explanation(of: query)) }
  }

  private func writePage(to file: String) throws {
    let reader = try truth.reader(of: common.source)
    let query = try query(reader)
    let output = DialoguePageOutput(
      reader, at: try common.source.location(), by: Result { try explaining.program(common.source) })
    guard let written = try output.write(query, to: file) else {
      throw try common.nothing(EmptyResult(reader).explanation(of: query))
    }
    if let remark = written.remark, !common.quiet { AmbqCommand.complain(remark) }
    guard let page = written.file else { return }
    let isOpened = open && Browser.open(page, ProcessInfo.processInfo.environment)
    if isOpened || common.quiet { return }
    var writer = OutputWriter(descriptor: 1)
    try writer.line(page.path)
    try writer.flush()
  }

  private func query(_ reader: IndexReader) throws -> UtteranceQuery {
    var query = try filters.query(reader)
    query.dialogues = [dialogue]
    return query
  }
}
