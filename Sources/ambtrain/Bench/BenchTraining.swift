import AMBDSGDN
import ArgumentParser
import Benchmarking
import Foundation
import ModelTraining
import Presentation
import Tensors

/// `ambtrain bench training`: an epoch at a published size, beside the matrix products it is made of.
struct BenchTraining: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training",
    abstract: "Measure epochs of training at a published size against this machine's matrix products.",
    discussion: "The dialogues have the shape of IEMOCAP's training set: 120 dialogues, 5,810 utterances.")

  @Option(help: "The network's size and recipe: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
  var preset: Preset = .iemocap

  @Option(help: "Threads to train with.")
  var threads: Int = Processor.cores

  @Option(help: "Counted epochs.")
  var epochs: Int = 2

  func validate() throws {
    guard threads >= 1, epochs >= 1 else { throw ValidationError("--threads and --epochs start at 1.") }
  }

  func run() throws {
    try Failures.reporting {
      let bundle = SyntheticDialogues.bundle(SyntheticDialogues.iemocapTraining, for: preset.configuration)
      let result = try TrainingBenchmark(
        preset.configuration, recipe: TrainingRecipe(preset), bundle: bundle, threads: threads, epochs: epochs
      ).run()
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line("machine       \(Processor.cores) cores, loops \(Processor.loops), \(Processor.blas)")
      try output.line(
        "dialogues     \(result.dialogues), utterances \(result.utterances), threads \(result.threads)")
      try output.line("epoch         \(Figures.range(result.seconds)) s, median of \(epochs)")
      try output.line("products      \(Figures.range(result.productSeconds)) s")
      try output.line("rate          \(Figures.fixed(result.rate, 1)) GFLOP/s of linear layers, three ways")
      try output.line("sgemm rate    \(Figures.fixed(result.productRate, 1)) GFLOP/s at the same shapes")
      try output.line("share         \(Figures.fixed(100 * result.share, 1)) % (aim: 60 % or more)")
      try output.flush()
    }
  }
}
