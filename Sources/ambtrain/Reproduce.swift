import ArgumentParser
import DialogueDomain
import Foundation
import ModelTraining
import OperatingSystem
import PaperExperiments
import Presentation

/// `ambtrain reproduce`: the paper's experiments on any data.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repeat an experiment of the paper on labelled bundles.",
    discussion: """
      Every row of an experiment has the same dialogues, recipe and seeds. The best epoch is chosen on held-out dialogues; \
      figures are those of --test where it is given, else of the same held-out dialogues. Writes <experiment>.md, .json and \
      .svg. Ctrl-C leaves what is finished and a checkpoint; --resume goes on to the same result.

      EXAMPLES
        ambtrain reproduce --list
        ambtrain reproduce modalities --quick --out results
        ambtrain reproduce table-5 --data train.h5 --validation dev.h5 --test test.h5 --seeds 5 --out results
      """)

  @Argument(help: "The experiment, or a table or figure of the paper, as in table-4; none lists them.")
  var experiment: String?

  @Flag(help: "List the experiments.")
  var list = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Bundles to train on; with --quick the shipped samples by default.", valueName: "file"))
  var data: [String] = []

  @OptionGroup
  var words: EncoderOptions

  @OptionGroup
  var heldOut: HeldOutOptions

  @Option(help: ArgumentHelp("The folder to write to.", valueName: "dir"))
  var out: String?

  @OptionGroup(title: "Recipe")
  var recipe: RecipeOptions

  @Option(help: "The first seed.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Train every row with so many seeds from --seed on, or with a range such as 1-10; 5, or 3 with --quick.",
      valueName: "count|range"))
  var seeds: SeedSelection?

  @Flag(help: "A small network, few epochs and few values: a minute or two on the samples.")
  var quick = false

  @Flag(help: "Go on with what an earlier run left in the folder.")
  var resume = false

  @OptionGroup
  var computing: ThreadOptions

  func validate() throws {
    guard chosenSeeds != nil else { throw ValidationError("--seeds takes \(SeedSelection.expected).") }
    guard experiment != nil, !list else { return }
    guard out != nil else { throw ValidationError("Name a folder by --out.") }
    guard quick || !data.isEmpty else { throw ValidationError("Name bundles by --data; only --quick has samples.") }
  }

  func run() throws {
    try Failures.reporting {
      guard let experiment, let out, !list else { return try Self.printList() }
      let chosen = try Experiment(named: experiment)
      var recipe = try recipe.recipe { if quick { $0.shorten() } }
      // Single networks are compared, their epochs chosen on held-out dialogues, whatever makes a model of the recipe.
      (recipe.ensemble, recipe.folds, recipe.isDistilled) = (1, 1, false)
      let split = try split(recipe)
      let folder = URL(fileURLWithPath: out).standardizedFileURL
      // Shows at once whether an outcome can be written later.
      try DurableFile.makeFolder(folder)
      let isStopped = try ThisProcess.catchInterruption()
      let document: ExperimentDocument?
      switch chosen {
      case .cost: document = try cost(recipe, split, isStopped)
      case .parameters: document = try parameters(recipe, split, isStopped)
      default: document = try compared(chosen, recipe, split, folder, isStopped)
      }
      guard let document else { throw ExitCode(130) }
      try document.write(to: folder)
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.write(document.markdown)
      try output.flush()
      StandardError.line("Written to \(folder.path)/\(chosen.rawValue).md, .json and .svg")
    }
  }

  /// Nil where --seeds cannot be meant.
  private var chosenSeeds: [UInt64]? { (seeds ?? Experiment.seeds(isQuick: quick)).seeds(from: seed) }

  /// - Returns: nil where it was stopped.
  private func cost(
    _ recipe: TrainingRecipe, _ split: DialogueSplit, _ isStopped: () -> Bool
  ) throws -> ExperimentDocument? {
    var progress = ExperimentProgress(StandardError.progress, name: "cost")
    defer { StandardError.write(progress.finish()) }
    return try CostReport.measuring(
      split, recipe: recipe, command: ThisProcess.command, isQuick: quick, published: try PublishedFigures(),
      isStopped: isStopped,
      observe: { StandardError.write(progress.advance($0, of: $1)) })?.document
  }

  /// - Returns: nil where it was stopped.
  private func parameters(
    _ recipe: TrainingRecipe, _ split: DialogueSplit, _ isStopped: () -> Bool
  ) throws -> ExperimentDocument? {
    try ParameterReport.measuring(
      split, recipe: recipe, threads: computing.threads, command: ThisProcess.command, isQuick: quick,
      published: try PublishedFigures(), isStopped: isStopped,
      observe: { StandardError.line("measuring \($0)") })?.document
  }

  /// - Returns: nil where it was stopped.
  private func compared(
    _ experiment: Experiment, _ recipe: TrainingRecipe, _ split: DialogueSplit, _ folder: URL,
    _ isStopped: () -> Bool
  ) throws -> ExperimentDocument? {
    guard let plan = try ExperimentPlan.of(experiment, recipe: recipe, split: split, isQuick: quick) else { return nil }
    for note in plan.notes { StandardError.line(note) }
    let run = ExperimentRun(
      plan, split: split, seeds: chosenSeeds ?? [seed],
      folder: folder.appendingPathComponent("\(experiment.rawValue).trainings"), threads: computing.threads)
    var progress = ExperimentProgress(StandardError.progress, name: experiment.rawValue)
    defer { StandardError.write(progress.finish()) }
    let outcome = try run.run(
      isResumed: resume, isStopped: isStopped, observe: { StandardError.write(progress.text($0)) })
    StandardError.write(progress.finish())
    switch outcome {
    case .finished(let comparison):
      return ComparisonReport(
        comparison, split: split, command: ThisProcess.command, isQuick: quick, published: try PublishedFigures()
      ).document
    case .stopped(let arm, let seed, let epoch):
      StandardError.line(
        """
        Stopped in \(arm), seed \(seed); the checkpoint after epoch \(epoch) and all finished trainings are kept. Go on with:
          \(ThisProcess.command) --resume
        """)
      return nil
    }
  }

  private func split(_ recipe: TrainingRecipe) throws -> DialogueSplit {
    var (data, test) = (data, heldOut.test)
    if data.isEmpty {
      let samples = try SampleBundles.find(
        beside: ThisProcess.file, keepsTest: test.isEmpty && heldOut.validation.isEmpty)
      (data, test) = (samples.data, test + samples.test)
      let evaluation = test.isEmpty ? "" : ", evaluated on \(test[0])"
      StandardError.line("On the shipped samples: \(data.joined(separator: ", "))\(evaluation)")
    }
    return try DialogueSplit(
      try BundleFiles(data, words).trainingData(),
      validation: try BundleFiles.trainingData(heldOut.validation, words),
      test: try BundleFiles.trainingData(test, words), recipe: recipe, seed: seed)
  }

  private static func printList() throws {
    let experiments = Experiment.allCases
    let width = (experiments.map(\.rawValue.count).max() ?? 0) + 2
    var output = OutputWriter(descriptor: STDOUT_FILENO)
    for experiment in experiments {
      let space = String(repeating: " ", count: width - experiment.rawValue.count)
      try output.line(
        "\(experiment.rawValue)\(space)\(experiment.title) (\(experiment.aliases.joined(separator: ", ")))")
      try output.line("\(String(repeating: " ", count: width))\(experiment.varies)")
    }
    try output.flush()
  }
}
