import ArgumentParser
import Foundation
import ResultIndex
import ResultQueries

/// Whom `ambq why` and `ambq show --html` ask about the model.
struct ExplainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder of the model that made the labels; else the configuration's.", valueName: "dir"),
    completion: .directory)
  var modelFolder: String?

  func program(_ source: SourceOptions) throws -> ExplainingProgram {
    var program = try ExplainingProgram(environment: ProcessInfo.processInfo.environment)
    (program.modelFolder, program.configuration) = (modelFolder, source.config)
    return program
  }
}

/// `ambq why`: what one utterance's label rests on.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say why an utterance has its label.",
    discussion: """
      Reads the bundle in done once more and runs the model that made the label: what each modality brought, what \
      leaving one out gives, which neighbours the attention listened to and which it cancelled; the figures below. \
      ambd does the computing and must lie beside ambq or in PATH.

      EXAMPLES:
        ambq why dev-12:7
        ambq why dev-12:7 --bundle friday.h5
        ambq why dev-12:7 --model-folder /srv/models/meld-minilm
        ambq why dev-12:7 --json | jq '.neighbours[] | select(.left > 0.2)'
      """)

  @Argument(
    help: ArgumentHelp(
      "The dialogue and the turn, as 'ambq show' numbers it.", valueName: "dialogue:turn"))
  var utterance: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Of this bundle: its file name or the beginning of its digest.", valueName: "name"),
    completion: .bundles)
  var bundle: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("As labelled by this model: its name or the beginning of its digest.", valueName: "name"),
    completion: .models)
  var model: [String] = []

  @OptionGroup var explaining: ExplainingOptions

  @Flag(help: "Write one JSON object: short for --format json.")
  var json = false

  @OptionGroup(title: "Source and output") var common: CommonOptions

  func validate() throws {
    if json, common.format.map({ $0 != .format(.json) }) ?? false {
      throw ValidationError("--json is a format of its own: leave --format away.")
    }
  }

  func run() throws {
    var common = common
    if json { common.format = .format(.json) }
    let console = try common.console(elsewhere: .table, fields: nil)
    let address = try UtteranceAddress(utterance)
    let location = try common.source.location()
    let reader = try IndexReader(location.index, matching: location.settings.labels.matching)
    var query = UtteranceQuery()
    query.dialogues = [address.dialogue]
    (query.bundles, query.models) = (NameList.split(bundle), NameList.split(model))
    let output = WhyOutput(reader, at: location, by: try explaining.program(common.source), console)
    let isFound = try output.write(turn: address.turn, of: query)
    try console.flush()
    if !isFound { throw try common.nothing(EmptyResult(reader).explanation(of: query)) }
  }
}
