import AMBDSGDN
import ArgumentParser
import Benchmarking
import Foundation

/// `ambtrain bench daemon`: from a bundle's rename to its rows, and the daemon's memory.
struct BenchDaemon: BenchCommand {
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

  @OptionGroup
  var record: RecordOptions

  func records() throws -> [BenchmarkRecord] {
    let daemon = ambd.map { URL(fileURLWithPath: $0) } ?? ThisProcess.sibling("ambd")
    let directory = URL(fileURLWithPath: model)
    if let flood {
      return [
        try FloodBenchmark(
          daemon: daemon, model: directory, bundles: flood, utterances: utterances, threads: computing.threads
        ).run().record
      ]
    }
    let small = DaemonBenchmark(
      daemon: daemon, model: directory, lengths: Array(SyntheticDialogues.iemocapTest.dropFirst(10).prefix(10)),
      repetitions: repetitions, threads: computing.threads)
    let published = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-model-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: published) }
    let configuration = Preset.iemocap.configuration
    try Model.write(
      configuration: configuration, members: [ParameterSet(configuration, seed: 1)], standardisation: [:],
      card: "Random weights.\n", to: published)
    let large = DaemonBenchmark(
      daemon: daemon, model: published, lengths: [Int](repeating: 50, count: 40), repetitions: 3,
      threads: computing.threads)
    return [try small.run().record(aim: 0.015), try large.run().record(aim: nil)]
  }
}

/// `ambtrain bench query`: `ambq` on a large index, process start included.
struct BenchQuery: BenchCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Measure ambq's commands on a large generated index, as whole processes, with their memory.",
    discussion: """
      The index holds bundles of one dialogue each, as a daemon leaves it after a year. Filling a large one takes \
      minutes; --index keeps it for the next time.
      """)

  @Option(help: ArgumentHelp("The ambq to run; the one beside this program by default.", valueName: "file"))
  var ambq: String?

  @Option(help: "Utterances in the index.")
  var utterances: Int = 100_000

  @Option(help: ArgumentHelp("Keep the index here; one that is here already is taken as it is.", valueName: "file"))
  var index: String?

  @Option(help: ArgumentHelp("Only commands that begin so, as in 'list --text'.", valueName: "text"))
  var only: String = ""

  @Option(help: "Counted repetitions.")
  var repetitions: Int = 15

  func validate() throws { try requireFromOne(("--utterances", utterances), ("--repetitions", repetitions)) }

  @OptionGroup
  var record: RecordOptions

  func records() throws -> [BenchmarkRecord] {
    if let index { return [try measure(URL(fileURLWithPath: index))] }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return [try measure(folder.appendingPathComponent("index.sqlite"))]
  }

  private func measure(_ index: URL) throws -> BenchmarkRecord {
    let benchmark = QueryBenchmark(
      program: ambq.map { URL(fileURLWithPath: $0) } ?? ThisProcess.sibling("ambq"), index: index,
      repetitions: repetitions)
    try benchmark.prepare(SyntheticIndex(utterances: utterances)) { _ in }
    let results = try QueryBenchmark.queries
      .filter { $0.arguments.joined(separator: " ").hasPrefix(only) }.map(benchmark.run)
    return BenchmarkRecord.queries(results, utterances: utterances, repetitions: repetitions)
  }
}

/// `ambtrain bench report`: the nightly report on many bundles, process start included.
struct BenchReport: BenchCommand {
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

  @OptionGroup
  var record: RecordOptions

  func records() throws -> [BenchmarkRecord] {
    let program = ambq.map { URL(fileURLWithPath: $0) } ?? ThisProcess.sibling("ambq")
    return [
      try ReportBenchmark(program: program, bundles: bundles, format: format, repetitions: repetitions).run()
        .record(format: format)
    ]
  }
}
