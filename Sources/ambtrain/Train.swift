import ArgumentParser
import Foundation
import ModelTraining
import Presentation
import TextEncoder

/// `ambtrain train`: a model directory from labelled bundles.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on labelled bundles.",
    discussion: """
      The best epoch is chosen on held-out dialogues: those of --validation, or a share of --data. With --folds, every \
      dialogue is held out once, and the last epoch is kept. Test data is touched once, at the end. Ctrl-C leaves a checkpoint that --resume goes on from, to the same bytes.

      EXAMPLES
        ambtrain train --data monday.h5 tuesday.h5 --out my-model --hidden 128 --epochs 20
        ambtrain train --data train.h5 --test test.h5 --ensemble 5 --folds 5 --out my-set
        ambtrain train --data spool/done/*.vtt --corrections spool --out my-own
        ambtrain train --data train.h5 --validation dev.h5 --test test.h5 --preset iemocap --out models --seeds 5
      """)

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Bundles or transcripts to train on.", valueName: "file"))
  var data: [String]

  @OptionGroup
  var heldOut: HeldOutOptions

  @OptionGroup
  var corrected: CorrectionOptions

  @OptionGroup
  var words: EncoderOptions

  @Option(help: ArgumentHelp("The model directory to write.", valueName: "dir"))
  var out: String

  @Option(help: "The model's name; the directory's by default.")
  var name: String?

  @OptionGroup(title: "Recipe")
  var recipe: RecipeOptions

  @OptionGroup(title: "Sets and doubt")
  var set: SetOptions

  @OptionGroup(title: "Text encoder")
  var tuning: TuningOptions

  @Option(help: "What all random choices follow from.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Train several seeds, into seed-<n> within the directory: so many from --seed on, or a range such as 1-10.",
      valueName: "count|range"))
  var seeds: SeedSelection = .count(1)

  @Flag(help: "Go on from the checkpoint in the directory.")
  var resume = false

  @OptionGroup
  var computing: ThreadOptions

  func validate() throws {
    let isDrawn = recipe.validationShare != nil || recipe.splitBy != nil
    guard heldOut.validation.isEmpty || !isDrawn else {
      throw ValidationError(
        "--validation names the dialogues that choose the epoch: leave --validation-share and --split-by out.")
    }
    guard set.folds ?? 1 < 2 || (recipe.validationShare == nil && recipe.keep != .best) else {
      throw ValidationError(
        "--folds holds every dialogue out once and keeps the last epoch: leave --validation-share and --keep best out.")
    }
    guard seeds.seeds(from: seed) != nil else { throw ValidationError("--seeds takes \(SeedSelection.expected).") }
  }

  func run() throws {
    try Failures.reporting {
      let corrections = try corrected.last()
      var data = EncoderStage.Data(
        training: try BundleFiles(data, words, corrections: corrections).trainingData(),
        validation: try BundleFiles.trainingData(heldOut.validation, words, corrections: corrections),
        test: try BundleFiles.trainingData(heldOut.test, words, corrections: corrections))
      let recipe = try recipe.recipe(for: data.training.bundle.dialogues.count, beside: set.values + tuning.values)
      try tuning.requireEffect(in: recipe)
      let seeds = seeds.seeds(from: seed) ?? [seed]
      let directory = URL(fileURLWithPath: out).standardizedFileURL
      let isStopped = try ThisProcess.catchInterruption()
      var progress = TrainingProgress(StandardError.progress, selectsOnTest: recipe.selectsOnTest)
      defer { StandardError.write(progress.finish()) }
      var encoder: TunedEncoder?
      if recipe.encoder.tuning != .none {
        let stage = try EncoderStage(
          data, encoder: try words.loaded(), recipe: recipe, seed: seeds[0], directory: directory,
          threads: computing.threads)
        let outcome = try stage.run(
          isResumed: resume, isStopped: isStopped,
          observe: { StandardError.write(progress.text($0, part: "encoder")) })
        StandardError.write(progress.finish())
        switch outcome {
        case .finished(let encoded, let tuned): (data, encoder) = (encoded, tuned)
        case .stopped(let epoch): throw stopped("encoder", epoch)
        }
      }
      let session = try TrainingSession(
        name: name ?? directory.lastPathComponent, data: data.training, validation: data.validation, test: data.test,
        recipe: recipe, seeds: seeds, directory: directory, command: ThisProcess.command, encoder: encoder,
        threads: computing.threads)
      if recipe.selectsOnTest {
        StandardError.line("The epoch is chosen on the test data, as in the paper: the figures are optimistic.")
      }
      session.warnings.forEach(StandardError.line)
      let outcome = try session.run(
        isResumed: resume && (encoder == nil || session.hasCheckpoint), isStopped: isStopped,
        observe: { StandardError.write(progress.text($1, part: $0)) })
      StandardError.write(progress.finish())
      switch outcome {
      case .finished(let results):
        var output = OutputWriter(descriptor: STDOUT_FILENO)
        try output.write(TrainingSummary(results).text)
        try output.flush()
        EncoderStage.removeCheckpoint(in: directory)
      case .stopped(let part, let epoch):
        throw stopped(part, epoch)
      }
    }
  }

  /// Says what is kept, and how to go on.
  private func stopped(_ part: String?, _ epoch: Int) -> ExitCode {
    StandardError.line(
      """
      Stopped; the checkpoint after epoch \(epoch)\(part.map { " of \($0)" } ?? "") is kept. Go on with:
        \(ThisProcess.command) --resume
      """)
    return ExitCode(130)
  }
}
