import ArgumentParser
import Benchmarking
import Foundation
import Presentation

/// `ambtrain bench`: what this machine makes of the programs.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine: scoring, the daemon, queries, training, probes, reports.",
    subcommands: [
      BenchScoring.self, BenchDaemon.self, BenchQuery.self, BenchTraining.self, BenchProbes.self,
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

  static func fixed(_ value: Double, _ decimals: Int) -> String {
    NumberText.fixed(value, places: decimals)
  }

  static func megabytes(_ bytes: Int?) -> String {
    bytes.map { "\(fixed(Double($0) / 1e6, 0)) MB" } ?? "unknown"
  }

  /// A program beside this one.
  static func sibling(_ name: String) -> URL {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? name
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name)
  }
}
