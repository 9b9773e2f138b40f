import AMBDSGDN
import ArgumentParser
import Benchmarking
import DialogueBundles
import DialogueDomain
import Foundation
import ModelTraining
import Presentation

/// A published network and the threads to run it with.
struct NetworkOptions: ParsableArguments {
  @Option(help: "The published network: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
  var preset: Preset = .iemocap

  @Option(help: ArgumentHelp("Also write the model and the dialogues here, for other programs.", valueName: "dir"))
  var save: String?

  @OptionGroup
  var computing: ThreadOptions

  var threads: Int { computing.threads }

  /// The preset and its size.
  var name: String { "\(preset.rawValue), \(NumberText.count(preset.configuration.parameterCount)) parameters" }

  /// Where asked for, `model` and `dialogues.h5` in a folder: what `ambtrain score` takes.
  func write(_ parameters: ParameterSet, _ bundle: FeatureBundle) throws {
    guard let save else { return }
    let folder = URL(fileURLWithPath: save)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Model.write(
      configuration: preset.configuration, members: [parameters], standardisation: [:], card: "Random weights.\n",
      to: folder.appendingPathComponent("model"))
    try BundleWriter(compression: 0).write(bundle, to: folder.appendingPathComponent("dialogues.h5"))
  }
}

/// `ambtrain bench scoring`: how fast this machine scores, beside how fast it multiplies matrices.
struct BenchScoring: BenchCommand {
  static let configuration = CommandConfiguration(
    commandName: "scoring",
    abstract: "Measure scoring on synthetic dialogues against this machine's own matrix-product rate.",
    discussion: """
      The dialogues have the shape of the preset's test set: IEMOCAP's 31 dialogues with 1,623 utterances, 10 to 110 each; \
      MELD's 280 with 2,610, 1 to 33 each. Scoring and the bare products of the same matrix shapes run in turn; medians are \
      compared. Only the linear layers' operations are counted. With --precision, scoring in that precision and in fp32 run in \
      turn instead.
      """)

  @OptionGroup
  var network: NetworkOptions

  @OptionGroup
  var numbers: PrecisionOptions

  @Option(help: ArgumentHelp("One dialogue of so many utterances instead.", valueName: "utterances"))
  var single: Int?

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 7

  @OptionGroup
  var record: RecordOptions

  func validate() throws { try requireFromOne(("--repetitions", repetitions), ("--single", single ?? 1)) }

  func records() throws -> [BenchmarkRecord] {
    let configuration = network.preset.configuration
    let parameters = ParameterSet(configuration, seed: 1)
    let bundle = SyntheticDialogues.bundle(lengths, for: configuration)
    try network.write(parameters, bundle)
    let model = Model(network: Network(configuration, parameters.frozen()))
    let benchmark = ScoringBenchmark(model, bundle: bundle, threads: network.threads, repetitions: repetitions)
    guard numbers.precision == .single else {
      let result = try benchmark.run(in: numbers.precision)
      return [
        result.record("scoring", network: network.name, utterances: bundle.utterances.count, threads: network.threads)
      ]
    }
    return [try benchmark.run().record("scoring", work: "scoring", network: network.name, aim: 0.85)]
  }

  private var lengths: [Int] {
    if let single { return [single] }
    return switch network.preset {
    case .iemocap: SyntheticDialogues.iemocapTest
    case .meld: SyntheticDialogues.meldTest
    }
  }
}

/// `ambtrain bench training`: an epoch at a published size, beside the matrix products it is made of.
struct BenchTraining: BenchCommand {
  static let configuration = CommandConfiguration(
    commandName: "training",
    abstract: "Measure epochs of training at a published size against this machine's matrix products.",
    discussion: """
      The dialogues have the shape of the preset's training set: IEMOCAP's 120 dialogues with 5,810 utterances, MELD's 1,038 \
      with 9,989.
      """)

  @OptionGroup
  var network: NetworkOptions

  @Option(help: "Counted epochs.")
  var epochs: Int = 2

  @OptionGroup
  var record: RecordOptions

  func validate() throws { try requireFromOne(("--epochs", epochs)) }

  func records() throws -> [BenchmarkRecord] {
    let preset = network.preset
    let lengths =
      switch preset {
      case .iemocap: SyntheticDialogues.iemocapTraining
      case .meld: SyntheticDialogues.meldTraining
      }
    let bundle = SyntheticDialogues.bundle(lengths, for: preset.configuration)
    try network.write(ParameterSet(preset.configuration, seed: 1), bundle)
    let result = try TrainingBenchmark(
      preset.configuration, recipe: TrainingRecipe(preset), bundle: bundle, threads: network.threads, epochs: epochs
    ).run()
    return [result.record("training", work: "epoch", network: network.name, aim: 0.75)]
  }
}

/// `ambtrain bench probes`: what the full probe set costs beside plain scoring.
struct BenchProbes: BenchCommand {
  static let configuration = CommandConfiguration(
    commandName: "probes",
    abstract: "Measure the full set of robustness probes against plain scoring, at IEMOCAP's size.",
    discussion:
      "Processor time decides: other programs on the machine hardly change it. Elapsed time is printed beside.")

  @OptionGroup
  var computing: ThreadOptions

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 2

  @OptionGroup
  var record: RecordOptions

  func validate() throws { try requireFromOne(("--repetitions", repetitions)) }

  func records() throws -> [BenchmarkRecord] {
    let configuration = Preset.iemocap.configuration
    let model = Model(network: Network(configuration, ParameterSet(configuration, seed: 1).frozen()))
    let bundle = SyntheticDialogues.bundle(SyntheticDialogues.iemocapTest, for: configuration)
    return [
      try ProbeBenchmark(model, bundle: bundle, threads: computing.threads, repetitions: repetitions).run().record
    ]
  }
}
