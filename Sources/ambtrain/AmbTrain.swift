import ArgumentParser
import Bundles
import Numerics

/// `ambtrain`: makes, measures and moves models and bundles.
@main
struct AmbTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ambtrain",
    abstract: "Describe, check and score with AMB-DSGDN emotion models.",
    discussion: """
      EXAMPLES
        ambtrain check friday.h5
        ambtrain score --model etc/models/meld-minilm friday.h5
        ambtrain describe --preset iemocap
      """,
    subcommands: [Describe.self, Check.self, Score.self, Bench.self])

  /// A reader's child process starts with this program too; it reads one bundle and ends.
  static func main() {
    IsolatedBundleReader.runChildIfAsked(arguments: CommandLine.arguments)
    Processor.useOneThreadPerProduct()
    main(nil)
  }
}
