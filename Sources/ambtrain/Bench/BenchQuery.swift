import ArgumentParser
import Benchmarking
import Foundation
import Presentation

/// `ambtrain bench query`: `ambq list` on a large index, process start included.
struct BenchQuery: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Measure `ambq list --emotion anger` on a large index, as a whole process.")

  @Option(help: ArgumentHelp("The ambq to run; the one beside this program by default.", valueName: "file"))
  var ambq: String?

  @Option(help: "Utterances in the index.")
  var utterances: Int = 100_000

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 15

  func validate() throws {
    guard utterances >= 1, repetitions >= 1 else { throw ValidationError("--utterances and --repetitions start at 1.") }
  }

  func run() throws {
    try Failures.reporting {
      let program = ambq.map { URL(fileURLWithPath: $0) } ?? Figures.sibling("ambq")
      let result = try QueryBenchmark(program: program, utterances: utterances, repetitions: repetitions).run()
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line("index         \(result.utterances) utterances, \(result.rows) rows found")
      try output.line("ambq list     \(Figures.range(result.seconds)) s, median of \(repetitions) (aim: under 0.050)")
      try output.flush()
    }
  }
}
