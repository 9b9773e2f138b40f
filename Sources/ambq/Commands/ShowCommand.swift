import ArgumentParser
import DialogueDomain
import Presentation
import ResultIndex

/// `ambq show`: one dialogue, turn by turn.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a dialogue turn by turn.",
    discussion: """
      Each turn has its speaker, emotion, confidence, and a bar of what text (t), visual (v) and audio (a) brought to \
      the label, in per cent; where the bundle was probed also the share of noisy runs that keep the label. '≠' marks a label that differs from the bundle's own.

      EXAMPLES:
        ambq show dev-12
        ambq show dev-12 --bundle friday.h5
        ambq show 'dev-1*' | less
        ambq show dev-12 --format json
      """)

  @Argument(help: ArgumentHelp("The dialogue; * and ? stand for any characters and for one.", valueName: "dialogue"))
  var dialogue: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Only of this bundle: its file name or the beginning of its digest.", valueName: "name"))
  var bundle: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("As labelled by this model: its name or the beginning of its digest.", valueName: "name"))
  var model: [String] = []

  @Flag(help: "Also labels that another model's scoring of the same bundle has superseded.")
  var allModels = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func run() throws {
    let reader = try IndexReader(Location(common).index)
    var query = UtteranceQuery()
    query.dialogues = [dialogue]
    query.bundles = NameList.split(bundle)
    query.models = NameList.split(model)
    query.allModels = allModels
    let console = common.console(elsewhere: .table)
    let found =
      console.format == .table
      ? try draw(reader, query, console) : try UtteranceOutput(reader, query, console).write()
    try console.flush()
    if found == 0 {
      Console.complain(try EmptyResult(reader).explanation(of: query))
      throw ExitCode(1)
    }
  }

  /// Draws each dialogue when its last turn is there, so that only one is in memory.
  private func draw(_ reader: IndexReader, _ query: UtteranceQuery, _ console: Console) throws -> Int {
    var turns: [IndexedUtterance] = []
    var drawn: [IndexedBundle] = []
    func finish() throws {
      guard let first = turns.first else { return }
      if !drawn.isEmpty { try console.line() }
      try DialogueTimeline(turns).draw(on: console)
      drawn.append(first.bundle)
      turns = []
    }
    let found = try reader.forEachUtterance(query) { row in
      if let last = turns.last, last.bundle.id != row.bundle.id || last.dialogue != row.dialogue { try finish() }
      turns.append(row)
    }
    try finish()
    let bundles = Set(drawn.map(\.title))
    if bundles.count > 1, drawn.count == bundles.count {
      try console.flush()
      Console.complain(
        "\(bundles.count) bundles hold a dialogue '\(dialogue)': \(bundles.sorted().joined(separator: ", "))."
          + " Choose one with --bundle.")
    }
    return found
  }
}
