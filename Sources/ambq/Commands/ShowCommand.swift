import ArgumentParser
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
      """)

  @Argument(
    help: ArgumentHelp("The dialogue; * and ? stand for any characters and for one.", valueName: "dialogue"),
    completion: .dialogues)
  var dialogue: String

  @OptionGroup(title: "Filters") var filters: FilterOptions

  @OptionGroup var fields: FieldOptions

  @Flag(help: "Print ids only, or one field of --fields, each ended by a zero byte, for 'xargs -0'.")
  var print0 = false

  @OptionGroup var truth: TruthOptions

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if !filters.dialogue.isEmpty {
      throw ValidationError("The dialogue to show stands without --dialogue; * and ? may be in its name.")
    }
  }

  func run() throws {
    let console = try common.console(elsewhere: .table, fields: fields.wish, printsNames: print0)
    if fields.selection.asksForHelp {
      try UtteranceFields.list(on: console)
      return try console.flush()
    }
    let reader = try truth.reader(of: common.source)
    var query = try filters.query(reader)
    query.dialogues = [dialogue]
    let chosen = try UtteranceFields(fields.selection)
    let (found, remark) =
      console.drawsTable
      ? try DialogueTimelines(reader, console).draw(query)
      : (try UtteranceOutput(reader, query, console, fields: chosen).write(), nil)
    try console.flush()
    if let remark, !common.quiet { AmbqCommand.complain(remark) }
    if found == 0 { throw try common.nothing(EmptyResult(reader).explanation(of: query)) }
  }
}
