import AMBDSGDN
import ArgumentParser
import Benchmarking
import Foundation
import ModelTraining
import Presentation
import Tensors

/// A published network and the threads to run it with.
struct NetworkOptions: ParsableArguments {
  @Option(help: "The published network: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
  var preset: Preset = .iemocap

  @OptionGroup
  var computing: ThreadOptions

  var threads: Int { computing.threads }
}

/// `ambtrain bench scoring`: how fast this machine scores, beside how fast it multiplies matrices.
struct BenchScoring: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scoring",
    abstract: "Measure scoring on synthetic dialogues against this machine's own matrix-product rate.",
    discussion: """
      The dialogues have the shape of IEMOCAP's test set: 31 dialogues, 1,623 utterances, 10 to 110 each. Scoring and the \
      bare products of the same matrix shapes run in turn; medians are compared. Only the linear layers' operations are \
      counted.
      """)

  @OptionGroup
  var network: NetworkOptions

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 7

  func validate() throws { try requireFromOne(("--repetitions", repetitions)) }

  func run() throws {
    try Failures.reporting {
      let configuration = network.preset.configuration
      let model = Model(network: Network(configuration, ParameterSet(configuration, seed: 1).frozen()))
      let bundle = SyntheticDialogues.bundle(SyntheticDialogues.iemocapTest, for: configuration)
      let result = try ScoringBenchmark(model, bundle: bundle, threads: network.threads, repetitions: repetitions).run()
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line(Figures.machine)
      try output.line("network       \(network.preset.rawValue), \(configuration.parameterCount) parameters")
      try output.line(
        "dialogues     \(result.dialogues), utterances \(result.utterances), threads \(result.threads), "
          + "medians of \(repetitions)")
      for line in Figures.rates(of: "scoring", result) { try output.line(line) }
      if let peak = ProcessMemory.peak { try output.line("peak memory   \(Figures.fixed(Double(peak) / 1e6, 0)) MB") }
      try output.flush()
    }
  }
}

/// `ambtrain bench training`: an epoch at a published size, beside the matrix products it is made of.
struct BenchTraining: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training",
    abstract: "Measure epochs of training at a published size against this machine's matrix products.",
    discussion: "The dialogues have the shape of IEMOCAP's training set: 120 dialogues, 5,810 utterances.")

  @OptionGroup
  var network: NetworkOptions

  @Option(help: "Counted epochs.")
  var epochs: Int = 2

  func validate() throws { try requireFromOne(("--epochs", epochs)) }

  func run() throws {
    try Failures.reporting {
      let preset = network.preset
      let bundle = SyntheticDialogues.bundle(SyntheticDialogues.iemocapTraining, for: preset.configuration)
      let result = try TrainingBenchmark(
        preset.configuration, recipe: TrainingRecipe(preset), bundle: bundle, threads: network.threads, epochs: epochs
      ).run()
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line(Figures.machine)
      try output.line(
        "dialogues     \(result.dialogues), utterances \(result.utterances), threads \(result.threads)")
      try output.line("epoch         \(Figures.range(result.seconds)) s, median of \(epochs)")
      try output.line("products      \(Figures.range(result.productSeconds[0])) s")
      try output.line("rate          \(Figures.fixed(result.rate, 1)) GFLOP/s of linear layers, three ways")
      try output.line("sgemm rate    \(Figures.fixed(result.productRate, 1)) GFLOP/s at the same shapes")
      try output.line("share         \(Figures.fixed(100 * result.share, 1)) % (aim: 60 % or more)")
      try output.flush()
    }
  }
}

/// `ambtrain bench probes`: what the full probe set costs beside plain scoring.
struct BenchProbes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probes",
    abstract: "Measure the full set of robustness probes against plain scoring, at IEMOCAP's size.",
    discussion:
      "Processor time decides: other programs on the machine hardly change it. Elapsed time is printed beside.")

  @OptionGroup
  var computing: ThreadOptions

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 2

  func validate() throws { try requireFromOne(("--repetitions", repetitions)) }

  func run() throws {
    try Failures.reporting {
      let configuration = Preset.iemocap.configuration
      let model = Model(network: Network(configuration, ParameterSet(configuration, seed: 1).frozen()))
      let bundle = SyntheticDialogues.bundle(SyntheticDialogues.iemocapTest, for: configuration)
      let result = try ProbeBenchmark(model, bundle: bundle, threads: computing.threads, repetitions: repetitions).run()
      let limit = 8.5 * Double(result.seeds)
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line(
        "utterances    \(result.utterances), \(result.levels) levels, \(result.seeds) seeds, threads \(result.threads)")
      try output.line("clean pass    \(Figures.range(result.clean.map(\.processor))) s of processor time")
      try output.line(
        "probes        \(Figures.fixed(result.passes(), 1)) clean passes "
          + "(\(Figures.fixed(result.passes(by: \.elapsed), 1)) elapsed; aim: \(Figures.fixed(limit, 1)) at most)")
      try output.line(
        "arithmetic    \(Figures.fixed(100 * result.arithmeticShare(), 2)) % of that (aim: under 5 %)")
      try output.line("statistics    \(result.statisticsBytes) bytes")
      try output.flush()
    }
  }
}
