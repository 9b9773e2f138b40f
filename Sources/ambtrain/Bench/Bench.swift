import ArgumentParser
import Benchmarking
import Foundation
import Presentation
import Tensors

/// `ambtrain bench`: what this machine makes of the programs.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine: scoring, the text encoder, the daemon, queries, training, probes, reports.",
    subcommands: [
      BenchScoring.self, BenchEncoder.self, BenchDaemon.self, BenchQuery.self, BenchTraining.self, BenchProbes.self,
      BenchReport.self,
    ],
    defaultSubcommand: BenchScoring.self)
}

/// Numbers as the benchmarks print them.
enum Figures {
  /// Median, least and most.
  static func range(_ values: [Double]) -> String {
    "\(fixed(median(values), 3)) (\(fixed(values.min() ?? 0, 3))–\(fixed(values.max() ?? 0, 3)))"
  }

  static func fixed(_ value: Double, _ decimals: Int) -> String { NumberText.fixed(value, places: decimals) }

  static func megabytes(_ bytes: Int?) -> String {
    bytes.map { "\(fixed(Double($0) / 1e6, 0)) MB" } ?? "unknown"
  }

  /// Some work beside the bare products that it is made of, in the lines that both kinds of rates are told in.
  static func rates(of work: String, _ result: RateResult) -> [String] {
    [
      "\(work.padding(toLength: 14, withPad: " ", startingAt: 0))\(range(result.seconds)) s, "
        + "\(fixed(result.utterancesPerSecond, 0)) utterances/s",
      "products      \(range(result.productSeconds[0])) s, one thread a product",
      "products      \(range(result.productSeconds[1])) s, the library's own threads",
      "rate          \(fixed(result.rate, 1)) GFLOP/s of linear layers",
      "sgemm rate    \(fixed(result.productRate, 1)) GFLOP/s at the same shapes, the better of both ways",
      "share         \(fixed(100 * result.share, 1)) % (aim: 75 % or more)",
    ]
  }

  /// What the figures were measured on.
  static var machine: String {
    "machine       \(Processor.cores) cores, loops \(Processor.loops), \(Processor.blas)"
  }

  /// A program beside this one.
  static func sibling(_ name: String) -> URL {
    ThisProcess.file.deletingLastPathComponent().appendingPathComponent(name)
  }
}
