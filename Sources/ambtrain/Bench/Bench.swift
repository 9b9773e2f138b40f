import ArgumentParser
import Benchmarking
import Foundation
import Presentation

/// `ambtrain bench`: what this machine makes of the programs.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Measure this machine: scoring, the text encoder, the daemon, queries, training, probes, reports, merges.",
    subcommands: [
      BenchScoring.self, BenchEncoder.self, BenchDaemon.self, BenchQuery.self, BenchTraining.self, BenchProbes.self,
      BenchReport.self, BenchMerge.self, BenchAll.self, BenchCompare.self,
    ],
    defaultSubcommand: BenchScoring.self)
}

/// Where the figures go besides standard output.
struct RecordOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Also write every repetition's figures, as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("The commit that the programs were built from, for the JSON.", valueName: "name"))
  var commit: String?
}

/// One benchmark: it measures records, which are printed and, where asked for, written.
protocol BenchCommand: ParsableCommand {
  var record: RecordOptions { get }

  func records() throws -> [BenchmarkRecord]
}

extension BenchCommand {
  func run() throws {
    try Failures.reporting {
      let started = Date()
      for warning in BenchmarkRun.Machine.current.warnings { StandardError.line("ambtrain: \(warning)") }
      let run = BenchmarkRun(commit: record.commit, date: started, records: try records())
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      for line in BenchmarkText.lines(run) { try output.line(line) }
      try output.flush()
      if let json = record.json { try run.encoded().write(to: URL(fileURLWithPath: json), options: .atomic) }
    }
  }
}

/// `ambtrain bench all`: every benchmark in one run.
struct BenchAll: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Run every benchmark, each as a process of its own, and keep the figures.",
    discussion: "Takes about ten minutes on two cores.")

  @Option(help: ArgumentHelp("The model directory of the daemon.", valueName: "dir"))
  var model: String

  @OptionGroup
  var record: RecordOptions

  func run() throws {
    try Failures.reporting {
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      let suite = BenchmarkSuite(program: ThisProcess.file, model: model)
      let run = try suite.run(commit: record.commit) { command in
        try output.line("")
        try output.line("$ \(command)")
        try output.flush()
      }
      if let json = record.json { try run.encoded().write(to: URL(fileURLWithPath: json), options: .atomic) }
      let (kept, promised) = run.aimsKept
      try output.line("")
      try output.line("aims          \(kept) of \(promised) kept")
      try output.flush()
    }
  }
}

/// `ambtrain bench compare`: two runs, figure by figure.
struct BenchCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare the figures of two runs.",
    discussion: """
      A change counts where no repetition of one run lies within the range of the other. Runs of different machines, or of \
      different hours on a machine that others use, tell little.
      """)

  @Argument(help: ArgumentHelp("The JSON of the run to compare with.", valueName: "base"))
  var base: String

  @Argument(help: ArgumentHelp("The JSON of the other run.", valueName: "new"))
  var new: String

  func run() throws {
    try Failures.reporting {
      let comparison = BenchmarkComparison(
        base: try BenchmarkRun(contentsOf: URL(fileURLWithPath: base)),
        new: try BenchmarkRun(contentsOf: URL(fileURLWithPath: new)))
      var output = OutputWriter(descriptor: STDOUT_FILENO)
      for line in BenchmarkText.lines(comparison) { try output.line(line) }
      try output.flush()
    }
  }
}
