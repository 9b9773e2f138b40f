import ArgumentParser
import Corrections
import DialogueDomain
import Foundation
import ResultExport
import ResultIndex
import ResultQueries

/// `ambq correct`: what a person says was felt.
struct CorrectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct",
    abstract: "Say what was truly felt: of an utterance, or by a corrected export.",
    discussion: """
      The model's label stays as it is; the true emotion is kept beside it, with who said so and when. It counts before \
      the bundle's own label and survives new models and a new index; of several, the last counts. With --from, only \
      what was changed in an export is taken: JSON Lines, CSV, Label Studio's JSON, ELAN or TextGrid; with --reviewed \
      every label in it, since someone who corrects only what is wrong says nothing of how much is right.

      The corrections go into the spool as a file; a running ambd takes it within seconds.

      EXAMPLES:
        ambq correct dev-12:3 --emotion joy --by Anna
        ambq correct dev-12:3 dev-12:4 --emotion anger
        ambq correct dev-12:3 --withdraw
        ambq correct --from labels.csv --by Anna
        ambq correct --from dev-12.TextGrid --by Anna --reviewed
      """)

  @Argument(
    help: ArgumentHelp(
      "The utterances: a dialogue, a colon, and the utterance's turn, from 0, or its id.", valueName: "dialogue:n"))
  var utterances: [String] = []

  @Option(help: ArgumentHelp("What was felt.", valueName: "emotion"), completion: .emotions)
  var emotion: String?

  @Flag(help: "Withdraw earlier corrections: the bundle's own label counts again.")
  var withdraw = false

  @Option(help: ArgumentHelp("A corrected export.", valueName: "file"), completion: .file())
  var from: String?

  @Option(
    help: ArgumentHelp(
      "With --from: the dialogue that a TextGrid is of, or whose labels alone count.", valueName: "name"),
    completion: .dialogues)
  var dialogue: String?

  @Flag(help: "With --from: labels that stand as they were are agreed with.")
  var reviewed = false

  @Option(
    help: ArgumentHelp(
      "The bundle meant, where several have the dialogue: its file name or the beginning of its digest.",
      valueName: "name"), completion: .bundles)
  var bundle: String?

  @Option(help: ArgumentHelp("Who says so; your user name by default.", valueName: "name"))
  var by: String?

  @Flag(help: "Tell what would be corrected, and correct nothing.")
  var dryRun = false

  @OptionGroup(title: "Source") var truth: TruthOptions

  @OptionGroup(title: "Source") var source: SourceOptions

  func validate() throws {
    guard utterances.isEmpty != (from == nil) else {
      throw ValidationError("Name utterances as dialogue:n, or a corrected export with --from.")
    }
    if from != nil {
      guard emotion == nil, !withdraw else { throw ValidationError("--from takes the emotions from the file.") }
    } else {
      guard (emotion == nil) == withdraw else {
        throw ValidationError("Say what was felt with --emotion, or --withdraw.")
      }
      guard !reviewed, dialogue == nil else { throw ValidationError("--reviewed and --dialogue go with --from.") }
    }
  }

  func run() throws {
    let location = try source.location()
    guard let layout = location.spool else {
      throw ValidationError("Name the spool with --spool: an index alone does not say where corrections go.")
    }
    let reader = try truth.reader(of: source)
    let bundle = try bundle.map { try BundleChoice.digest(of: $0, in: reader) }
    let requests: [CorrectionRequest]
    var labels = utterances.count
    if let from {
      let export = try CorrectedExport(
        URL(fileURLWithPath: from), in: reader, dialogue: dialogue, bundle: bundle, isReviewed: reviewed)
      (requests, labels) = (export.requests, export.labels)
    } else {
      requests = try utterances.map { try UtteranceName($0).correction(emotion, bundle: bundle) }
    }
    guard !requests.isEmpty else {
      throw NothingFound("Nothing to correct: none of the \(labels) labels of \(from ?? "the file") was changed.")
    }
    let person = by ?? CorrectionFile.ownAccount
    let console = ResultConsole(.table, isASCII: AmbqCommand.wantsASCII, descriptor: 1)
    let found: [CorrectionResolution.Found]
    var file: String?
    if dryRun {
      found = try reader.resolve(requests, turnsFirst: from == nil)
    } else {
      let delivered = try CorrectionDelivery(layout, reader).deliver(
        requests, by: person, at: Date(), turnsFirst: from == nil)
      (found, file) = (delivered.found, delivered.file)
    }
    try CorrectionDelivery.tell(found, by: person, on: console)
    try console.flush()
    if let file {
      AmbqCommand.complain(
        "\(found.count) of \(labels) labels go to ambd as \(layout.incoming.lastPathComponent)/\(file).")
    }
  }
}
