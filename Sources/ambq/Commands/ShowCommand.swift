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
        ambq show 'dev-1*' | less
        ambq show dev-12 --format json
      """)

  @Argument(
    help: ArgumentHelp("The dialogue; * and ? stand for any characters and for one.", valueName: "dialogue"),
    completion: .dialogues)
  var dialogue: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Only of this bundle: its file name or the beginning of its digest.", valueName: "name"),
    completion: .bundles)
  var bundle: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("As labelled by this model: its name or the beginning of its digest.", valueName: "name"),
    completion: .models)
  var model: [String] = []

  @Flag(help: "Also labels that another model's scoring of the same bundle has superseded.")
  var allModels = false

  @OptionGroup var fields: FieldOptions

  @OptionGroup var truth: TruthOptions

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func run() throws {
    let console = try common.console(elsewhere: .table)
    guard let chosen = try fields.chosen() else {
      try UtteranceFields.list(on: console)
      return try console.flush()
    }
    let reader = try truth.reader(of: common.source)
    var query = UtteranceQuery()
    query.dialogues = [dialogue]
    (query.bundles, query.models, query.allModels) = (NameList.split(bundle), NameList.split(model), allModels)
    let (found, remark) =
      console.format == .table && chosen.isUsual
      ? try DialogueTimelines(reader, console).draw(query)
      : (try UtteranceOutput(reader, query, console, fields: chosen).write(), nil)
    try console.flush()
    if let remark, !common.quiet { AmbqCommand.complain(remark) }
    if found == 0 { throw try common.nothing(EmptyResult(reader).explanation(of: query)) }
  }
}
