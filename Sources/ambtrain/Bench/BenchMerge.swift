import ArgumentParser
import Benchmarking
import Foundation

/// `ambtrain bench merge`: one index out of the outputs of many shards, process start included.
struct BenchMerge: BenchCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Measure `ambq merge` on the outputs of many shards, as a whole process.",
    discussion: "Writing the shards takes far longer than merging them; it also tells what a bundle's rows cost there.")

  @Option(help: ArgumentHelp("The ambq to run; the one beside this program by default.", valueName: "file"))
  var ambq: String?

  @Option(help: "Utterances in all shards.")
  var utterances: Int = 100_000

  @Option(help: "Shards.")
  var shards: Int = 100

  @Option(help: "Utterances of a bundle, in dialogues of ten.")
  var length: Int = 100

  @Option(help: "The share of tasks that are killed, stopped or run twice; the index must be the same.")
  var faults: Double = 0

  func validate() throws {
    try requireFromOne(("--utterances", utterances), ("--shards", shards), ("--length", length))
  }

  @OptionGroup
  var record: RecordOptions

  func records() throws -> [BenchmarkRecord] {
    let program = ambq.map { URL(fileURLWithPath: $0) } ?? ThisProcess.sibling("ambq")
    let result = try MergeBenchmark(
      program: program, utterances: utterances, shards: shards, length: length, faults: faults
    ).run()
    // For two runs to be compared, one with faults and one without.
    print("SHA-256 of the index: \(result.digest)")
    return [result.record(shards: shards, utterances: utterances)]
  }
}
