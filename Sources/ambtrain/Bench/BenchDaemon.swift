import AMBDSGDN
import ArgumentParser
import Benchmarking
import Foundation
import Presentation
import Tensors

/// `ambtrain bench daemon`: from a bundle's rename to its rows, and the daemon's memory.
struct BenchDaemon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daemon",
    abstract: "Measure a real daemon: the time from a file's arrival to its rows, and its memory.",
    discussion: """
      First with the given model and bundles of 10 dialogues, then with random weights of the published IEMOCAP size and \
      bundles of 2,000 utterances.
      """)

  @Option(help: ArgumentHelp("The daemon to run; the one beside this program by default.", valueName: "file"))
  var ambd: String?

  @Option(help: ArgumentHelp("The model directory of the first part.", valueName: "dir"))
  var model: String

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 7

  @Option(help: "Threads to score with.")
  var threads: Int = Processor.cores

  func validate() throws {
    guard threads >= 1, repetitions >= 1 else { throw ValidationError("--threads and --repetitions start at 1.") }
  }

  func run() throws {
    try Failures.reporting {
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      let daemon = ambd.map { URL(fileURLWithPath: $0) } ?? Figures.sibling("ambd")
      let small = Array(SyntheticDialogues.iemocapTest.dropFirst(10).prefix(10))
      try output.line("machine       \(Processor.cores) cores, loops \(Processor.loops)")
      try report(
        DaemonBenchmark(
          daemon: daemon, model: URL(fileURLWithPath: model), lengths: small, repetitions: repetitions,
          threads: threads), &output)
      let published = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-model-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: published) }
      let configuration = Preset.iemocap.configuration
      try Model.write(
        configuration: configuration, parameters: ParameterSet(configuration, seed: 1), standardisation: [:],
        card: "Random weights.\n", to: published)
      try report(
        DaemonBenchmark(
          daemon: daemon, model: published, lengths: [Int](repeating: 50, count: 40), repetitions: 3,
          threads: threads), &output)
      try output.flush()
    }
  }

  private func report(_ benchmark: DaemonBenchmark, _ output: inout OutputWriter) throws {
    let result = try benchmark.run()
    let beyond = zip(result.arrival, result.scoring).map { $0 - $1 }
    try output.line()
    try output.line(
      "model         \(result.model); bundles of \(result.dialogues) dialogues, \(result.utterances) utterances")
    try output.line("arrival       \(Figures.range(result.arrival)) s from rename to rows in the index")
    try output.line("scoring       \(Figures.range(result.scoring)) s of that, measured alone")
    try output.line("beyond        \(Figures.range(beyond)) s (aim with 10 dialogues: under 0.050)")
    try output.line("memory        \(Figures.megabytes(result.idle)) idle, \(Figures.megabytes(result.peak)) at most")
  }
}
