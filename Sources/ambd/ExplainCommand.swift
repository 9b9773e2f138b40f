import ArgumentParser
import BundleScoring
import DialogueDomain
import Foundation
import OperatingSystem
import Presentation
import Tensors

/// `ambd explain`: how the labels of a dialogue came about, as JSON; `ambq why` asks it.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say how the labels of a dialogue came about, as JSON.",
    discussion: """
      Reads the file as the daemon does, runs its model once more and tells what each label rests on: logits, what \
      leaving out a modality gives, and the attention to each neighbour. ambq why and ambq show --html ask it; it \
      changes nothing. What went wrong is on standard output, too, as "error". --model, --config, --threads and --set are \
      those of ambd.

      Example:
        ambd explain spool/done/monday.h5 --dialogue dev-12 --turn 7 | jq .
      """)

  @Argument(help: ArgumentHelp("The dialogue feature bundle or transcript.", valueName: "file"))
  var file: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The dialogue in it.", valueName: "name"))
  var dialogue: String

  @Option(help: ArgumentHelp("Only this turn, counted from 0, layer by layer.", valueName: "number"))
  var turn: Int?

  @Option(help: ArgumentHelp("Refuse a file of another SHA-256.", valueName: "digest"))
  var bundleDigest: String?

  @Option(help: ArgumentHelp("Refuse a model of another SHA-256.", valueName: "digest"))
  var modelDigest: String?

  /// Its options are those of the daemon, before or after `explain`: model, configuration, threads.
  @ParentCommand var daemon: Command

  func run() throws {
    var output = OutputWriter(descriptor: STDOUT_FILENO)
    let (reply, code) = reply()
    try output.write(String(decoding: try reply.json(), as: UTF8.self))
    try output.flush()
    if code != 0 { throw ExitCode(code) }
  }

  private func reply() -> (ExplanationReply, Int32) {
    do {
      let assembly = Wiring(file: daemon.common.config, overrides: daemon.overrides).assembly
      let settings = try assembly.configuration().values
      var request = ExplanationRequest(file: URL(fileURLWithPath: file), dialogue: dialogue, turn: turn)
      (request.bundleDigest, request.modelDigest) = (bundleDigest, modelDigest)
      let answer = try request.answer(
        by: try assembly.models(settings), in: settings.model, reading: try assembly.intake(settings),
        threads: settings.scoring.threads == 0 ? Processor.cores : settings.scoring.threads)
      return (ExplanationReply(answer), 0)
    } catch {
      let explanation = (error as? any ExplainedError)?.explanation ?? Explanation(.io, "\(error)")
      return (ExplanationReply(explanation), explanation.kind.exitCode)
    }
  }
}
