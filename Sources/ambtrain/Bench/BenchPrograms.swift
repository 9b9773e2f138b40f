import AMBDSGDN
import ArgumentParser
import Benchmarking
import Foundation
import Presentation

/// `ambtrain bench daemon`: from a bundle's rename to its rows, and the daemon's memory.
struct BenchDaemon: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daemon",
    abstract: "Measure a real daemon: the time from a file's arrival to its rows, and its memory.",
    discussion: """
      First with the given model and bundles of 10 dialogues, then with random weights of the published IEMOCAP size and \
      bundles of 2,000 utterances. With --flood, how fast it drains a backlog of so many bundles of one dialogue each.
      """)

  @Option(help: ArgumentHelp("The daemon to run; the one beside this program by default.", valueName: "file"))
  var ambd: String?

  @Option(help: ArgumentHelp("The model directory of the first part.", valueName: "dir"))
  var model: String

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 7

  @Option(help: ArgumentHelp("Measure draining a backlog of so many bundles.", valueName: "bundles"))
  var flood: Int?

  @Option(help: "Utterances of each bundle's dialogue, with --flood.")
  var utterances: Int = 10

  @OptionGroup
  var computing: ThreadOptions

  func validate() throws {
    try requireFromOne(("--repetitions", repetitions), ("--flood", flood ?? 1), ("--utterances", utterances))
  }

  func run() throws {
    try Failures.reporting {
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      let daemon = ambd.map { URL(fileURLWithPath: $0) } ?? Figures.sibling("ambd")
      if let flood {
        try output.line(Figures.machine)
        try report(
          FloodBenchmark(
            daemon: daemon, model: URL(fileURLWithPath: model), bundles: flood, utterances: utterances,
            threads: computing.threads), &output)
        return try output.flush()
      }
      let small = Array(SyntheticDialogues.iemocapTest.dropFirst(10).prefix(10))
      try output.line(Figures.machine)
      try report(
        DaemonBenchmark(
          daemon: daemon, model: URL(fileURLWithPath: model), lengths: small, repetitions: repetitions,
          threads: computing.threads), &output)
      let published = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-model-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: published) }
      let configuration = Preset.iemocap.configuration
      try Model.write(
        configuration: configuration, members: [ParameterSet(configuration, seed: 1)], standardisation: [:],
        card: "Random weights.\n", to: published)
      try report(
        DaemonBenchmark(
          daemon: daemon, model: published, lengths: [Int](repeating: 50, count: 40), repetitions: 3,
          threads: computing.threads), &output)
      try output.flush()
    }
  }

  private func report(_ benchmark: FloodBenchmark, _ output: inout OutputWriter) throws {
    let result = try benchmark.run()
    func each(_ seconds: Double) -> String { Figures.fixed(seconds / Double(result.bundles) * 1000, 2) + " ms" }
    try output.line()
    try output.line("model         \(result.model); \(result.bundles) bundles, \(result.utterances) utterances")
    try output.line("first rows    \(Figures.fixed(result.first, 2)) s after the start (aim: under 1)")
    try output.line(
      "drain         \(Figures.fixed(Double(result.bundles) / result.drain, 0)) bundles a second (aim: 1000); in tenths "
        + result.pace.map { "\(Int($0.rounded()))" }.joined(separator: " "))
    try output.line(
      "processor     \(each(result.processor.daemon)) a bundle in the daemon, \(each(result.processor.readers)) in readers"
    )
    try output.line("scoring       \(each(result.scoring)) a bundle, measured alone: the limit")
    try output.line(
      "stages        " + result.stages.map { "\($0.name) \(each($0.seconds))" }.joined(separator: ", ") + " a bundle")
    try output.line("memory        \(Figures.megabytes(result.peak)) at most")
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

  func validate() throws { try requireFromOne(("--utterances", utterances), ("--repetitions", repetitions)) }

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

  func validate() throws { try requireFromOne(("--bundles", bundles), ("--repetitions", repetitions)) }

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
