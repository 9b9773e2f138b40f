import ArgumentParser
import DialogueBundles
import DialogueDomain
import OperatingSystem
import Tensors

/// `ambtrain`: makes, measures and moves models and bundles.
@main
struct AmbTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ambtrain",
    abstract: "Train, evaluate and score with AMB-DSGDN emotion models.",
    discussion: """
      EXAMPLES
        ambtrain check friday.h5
        ambtrain score --model etc/models/meld-minilm friday.h5
        ambtrain describe --preset iemocap
        ambtrain train --data monday.h5 tuesday.h5 --out my-model
        ambtrain evaluate --model my-model --data wednesday.h5
        ambtrain reproduce table-4 --quick --out results
      """,
    version: Version.line(of: "ambtrain"),
    subcommands: [
      Describe.self, Check.self, Score.self, Train.self, Evaluate.self, Reproduce.self, Import.self, Pack.self,
      Encode.self, Bench.self,
    ])

  /// A reader's child process starts with this program too; it reads one bundle and ends.
  static func main() {
    IsolatedBundleReader.runChildIfAsked(arguments: CommandLine.arguments)
    do throws(SurroundingsError) {
      try ProcessSurroundings.prepare()
    } catch {
      var failures = Failures()
      failures.report(error)
      exit(withError: failures.exitCode)
    }
    Processor.useOneThreadPerProduct()
    main(nil)
  }
}
