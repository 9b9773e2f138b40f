import ArgumentParser
import Benchmarks
import DSGDN
import Foundation
import Numerics
import Terminal

/// `ambtrain bench`: how fast this machine scores, beside how fast it multiplies matrices.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
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
    try output.line("scoring       \(range(result.seconds)) s, \(fixed(result.utterancesPerSecond, 0)) utterances/s")
    try output.line("products      \(range(result.productSeconds)) s, one thread a product")
    try output.line("products      \(range(result.libraryProductSeconds)) s, the library's own threads")
    try output.line("rate          \(fixed(result.rate, 1)) GFLOP/s of linear layers")
    try output.line("sgemm rate    \(fixed(result.productRate, 1)) GFLOP/s at the same shapes, the better of both ways")
    try output.line("share         \(fixed(100 * result.share, 1)) % (aim: 75 % or more)")
    if let peak = ProcessMemory.peak { try output.line("peak memory   \(fixed(Double(peak) / 1e6, 0)) MB") }
    try output.flush()
  }

  /// Median, least and most.
  private func range(_ seconds: [Double]) -> String {
    "\(fixed(median(seconds), 3)) (\(fixed(seconds.min() ?? 0, 3))–\(fixed(seconds.max() ?? 0, 3)))"
  }

  private func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}
