import ArgumentParser
import Benchmarking
import Foundation
import Presentation

/// `ambtrain bench report`: the nightly report on many bundles, process start included.
struct BenchReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Measure `ambq report` on a night of many probed bundles, as a whole process.",
    discussion:
      "The index holds a second night of the same size, which the report compares with. Filling it takes a while.")

  @Option(help: ArgumentHelp("The ambq to run; the one beside this program by default.", valueName: "file"))
  var ambq: String?

  @Option(help: "Bundles of 200 utterances in a night.")
  var bundles: Int = 1000

  @Option(help: "html, json, md or text.")
  var format: String = "html"

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 5

  func validate() throws {
    guard bundles >= 1, repetitions >= 1 else { throw ValidationError("--bundles and --repetitions start at 1.") }
  }

  func run() throws {
    try Failures.reporting {
      let program = ambq.map { URL(fileURLWithPath: $0) } ?? Figures.sibling("ambq")
      let result = try ReportBenchmark(program: program, bundles: bundles, format: format, repetitions: repetitions)
        .run()
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      try output.line(
        "index         two nights of \(result.bundles) bundles, \(result.utterances) utterances each, "
          + Figures.megabytes(result.indexBytes))
      try output.line("ambq report   \(Figures.range(result.seconds)) s, median of \(repetitions) (aim: under 2)")
      try output.flush()
    }
  }
}
