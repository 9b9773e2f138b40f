import ArgumentParser
import DialogueDomain
import Foundation
import ModelTraining
import OperatingSystem
import Presentation
import Tensors

/// `ambtrain train`: a model directory from labelled bundles.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on labelled bundles.",
    discussion: """
      The best epoch is chosen on held-out dialogues: those of --validation, or a share of --data. Test data is touched \
      once, at the end. Ctrl-C leaves a checkpoint that --resume goes on from, to the same bytes.

      EXAMPLES
        ambtrain train --data monday.h5 tuesday.h5 --out my-model --hidden 128 --epochs 20
        ambtrain train --data train.h5 --validation dev.h5 --test test.h5 --preset iemocap --out models --seeds 5
      """)

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Bundles to train on.", valueName: "file"))
  var data: [String]

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Bundles that choose the epoch.", valueName: "file"))
  var validation: [String] = []

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Bundles to judge the finished model on.", valueName: "file"))
  var test: [String] = []

  @Option(help: ArgumentHelp("The model directory to write.", valueName: "dir"))
  var out: String

  @Option(help: "The model's name; the directory's by default.")
  var name: String?

  @OptionGroup(title: "Recipe")
  var recipe: RecipeOptions

  @Option(help: "What all random choices follow from.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Train several seeds, into seed-<n> within the directory: so many from --seed on, or a range such as 1-10.",
      valueName: "count|range"))
  var seeds: Seeds = .count(1)

  @Flag(help: "Go on from the checkpoint in the directory.")
  var resume = false

  @Option(help: "Threads to compute with.")
  var threads: Int = Processor.cores

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads takes a number from 1.") }
    guard seeds.values(from: seed) != nil else { throw ValidationError(Seeds.expected) }
  }

  func run() throws {
    try Failures.reporting {
      let recipe = try recipe.recipe()
      let seeds = seeds.values(from: seed) ?? [seed]
      let directory = URL(fileURLWithPath: out).standardizedFileURL
      let session = try TrainingSession(
        name: name ?? directory.lastPathComponent, data: try BundleFiles(data).trainingData(),
        validation: try BundleFiles.trainingData(validation), test: try BundleFiles.trainingData(test), recipe: recipe,
        seeds: seeds, directory: directory, command: CommandText.repeatable,
        threads: threads)
      if recipe.selectsOnTest {
        FileHandle.standardError.write(
          Data("The epoch is chosen on the test data, as in the paper: the figures are optimistic.\n".utf8))
      }
      let signals = try SignalPipe()
      try signals.catchSignals([SIGINT, SIGTERM])
      var progress = TrainingProgress(namesSeeds: seeds.count > 1, selectsOnTest: recipe.selectsOnTest)
      let outcome: TrainingSession.Outcome
      do {
        outcome = try session.run(
          isResumed: resume, isStopped: { !signals.drain().isEmpty }, observe: { progress.show($1, seed: $0) })
      } catch {
        progress.finish()
        throw error
      }
      progress.finish()
      switch outcome {
      case .finished(let results): try TrainingReport(results, selectsOnTest: recipe.selectsOnTest).print()
      case .stopped(let seed, let epoch):
        FileHandle.standardError.write(
          Data(
            """
            Stopped; the checkpoint after epoch \(epoch)\(seeds.count > 1 ? " of seed \(seed)" : "") is kept. Go on with:
              \(CommandText.repeatable) --resume\n
            """.utf8))
        throw ExitCode(130)
      }
    }
  }
}
