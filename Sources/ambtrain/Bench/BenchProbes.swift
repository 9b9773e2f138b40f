import AMBDSGDN
import ArgumentParser
import Benchmarking
import Foundation
import Presentation
import Tensors

/// `ambtrain bench probes`: what the full probe set costs beside plain scoring.
struct BenchProbes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probes",
    abstract: "Measure the full set of robustness probes against plain scoring, at IEMOCAP's size.",
    discussion:
      "Processor time decides: other programs on the machine hardly change it. Elapsed time is printed beside.")

  @Option(help: "Threads to compute with.")
  var threads: Int = Processor.cores

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 2

  func validate() throws {
    guard threads >= 1, repetitions >= 1 else { throw ValidationError("--threads and --repetitions start at 1.") }
  }

  func run() throws {
    try Failures.reporting {
      let configuration = Preset.iemocap.configuration
      let model = Model(network: Network(configuration, ParameterSet(configuration, seed: 1)))
      let bundle = SyntheticDialogues.bundle(SyntheticDialogues.iemocapTest, for: configuration)
      let result = try ProbeBenchmark(model, bundle: bundle, threads: threads, repetitions: repetitions).run()
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
