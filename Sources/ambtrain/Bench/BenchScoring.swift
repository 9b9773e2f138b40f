import AMBDSGDN
import ArgumentParser
import Benchmarking
import Foundation
import Presentation
import Tensors

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

  @Option(help: "The network's size: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
  var preset: Preset = .iemocap

  @Option(help: "Threads to score with.")
  var threads: Int = Processor.cores

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 7

  func validate() throws {
    guard threads >= 1, repetitions >= 1 else { throw ValidationError("--threads and --repetitions start at 1.") }
  }

  func run() throws {
    let configuration = preset.configuration
    let model = Model(network: Network(configuration, ParameterSet(configuration, seed: 1)))
    let bundle = SyntheticDialogues.bundle(SyntheticDialogues.iemocapTest, for: configuration)
    let result = try ScoringBenchmark(model, bundle: bundle, threads: threads, repetitions: repetitions).run()
    var output = OutputWriter(descriptor: STDOUT_FILENO)
    try output.line("machine       \(Processor.cores) cores, loops \(Processor.loops), \(Processor.blas)")
    try output.line("network       \(preset.rawValue), \(configuration.parameterCount) parameters")
    try output.line(
      "dialogues     \(result.dialogues), utterances \(result.utterances), threads \(result.threads), "
        + "medians of \(repetitions)")
    try output.line(
      "scoring       \(Figures.range(result.seconds)) s, \(Figures.fixed(result.utterancesPerSecond, 0)) utterances/s")
    try output.line("products      \(Figures.range(result.productSeconds)) s, one thread a product")
    try output.line("products      \(Figures.range(result.libraryProductSeconds)) s, the library's own threads")
    try output.line("rate          \(Figures.fixed(result.rate, 1)) GFLOP/s of linear layers")
    try output.line(
      "sgemm rate    \(Figures.fixed(result.productRate, 1)) GFLOP/s at the same shapes, the better of both ways")
    try output.line("share         \(Figures.fixed(100 * result.share, 1)) % (aim: 75 % or more)")
    if let peak = ProcessMemory.peak { try output.line("peak memory   \(Figures.fixed(Double(peak) / 1e6, 0)) MB") }
    try output.flush()
  }
}
