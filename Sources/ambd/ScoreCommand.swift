import ArgumentParser
import DialogueDomain
import Foundation
import OperatingSystem
import ScoringDaemon
import Shards

/// `ambd score`: one task's part of a list of inputs, without a daemon.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score one shard of a list of inputs, as a task of a cluster's scheduler.",
    discussion: """
      Takes the inputs whose content falls into this shard, scores them as the daemon does, and writes two files into the \
      output folder: an index of the rows, and a record of it as JSON. 'ambq merge' makes one index of all shards. What an \
      earlier attempt has scored is not scored again; SIGTERM ends the task after what is in hand, and the next attempt goes \
      on. The shard's number comes from Slurm, Kubernetes, HyperQueue or GNU parallel where --shard does not say it.

      Exit codes: 0 done, 3 done and some inputs have failed, 65 the list cannot be used, 69 this machine lacks something, \
      75 try again, 78 the configuration is wrong.

      Examples:
        find bundles -name '*.h5' -exec sha256sum {} + > inputs.sha256
        ambd score --manifest inputs.sha256 --shards 8 --out out       in a job array of tasks 0 to 7
        ambd score --manifest inputs.sha256 --shard 3/8 --out out
        ambq merge out --into index.sqlite
      """)

  @Option(
    help: ArgumentHelp(
      "The list of inputs, as sha256sum writes it, or a folder of them.", valueName: "file|folder"))
  var manifest: String

  @Option(help: ArgumentHelp("The folder for the outputs of all shards.", valueName: "folder"))
  var out: String

  @Option(help: ArgumentHelp("Which shard of how many, counted from 0, as in 3/8.", valueName: "i/n"))
  var shard: String?

  @Option(help: ArgumentHelp("How many shards there are; the scheduler says which this is.", valueName: "n"))
  var shards: Int?

  @Option(help: ArgumentHelp("A folder on a local disk to work in (or $TMPDIR; /tmp).", valueName: "folder"))
  var scratch: String?

  @Flag(help: "Probe each bundle in the same pass.")
  var probes = false

  @Option(
    help: ArgumentHelp(
      "The time that all results bear, as in 2026-11-22T02:00:00Z; durations are 0 then.", valueName: "time"))
  var at: String?

  @Flag(help: "Try inputs again that failed in an earlier attempt.")
  var retryFailed = false

  @OptionGroup var common: ConfigurationOptions

  func run() throws {
    do {
      let shard = try ShardChoice.shard(shard, count: shards, environment: ProcessInfo.processInfo.environment)
      let signals = try SignalPipe()
      try signals.catchSignals([SIGTERM, SIGINT])
      let stop = StopRequest(signals)
      let url = URL(fileURLWithPath: manifest)
      var job = ShardJob(
        shard: shard, inputs: try InputList(url, shard: shard), output: URL(fileURLWithPath: out, isDirectory: true),
        scratch: scratchFolder)
      job.time = try time()
      job.retriesFailed = retryFailed
      let scoring = try ShardScoring(
        Wiring(file: common.config, overrides: overrides).assembly, job, isStopping: { stop.hasArrived })
      try end(with: try scoring.run(), signals)
    } catch let error as any ExplainedError {
      LineLogHandler.standardError("ambd: \(error.explanation.message)\n")
      throw ExitCode(Self.exitCode(error.explanation.kind))
    }
  }

  /// Says what has come of it, and ends with the code for that.
  private func end(with outcome: ShardOutcome, _ signals: SignalPipe) throws {
    let record = outcome.record
    let done = "shard \(record.shard)/\(record.shards): \(record.results.bundles) of \(record.inputCount) inputs scored"
    withExtendedLifetime(signals) {}
    guard record.isComplete else {
      let why = outcome.trouble.map { "; left for a later attempt: \($0.message)" } ?? "; told to stop"
      LineLogHandler.standardError("ambd: \(done)\(why)\n")
      throw ExitCode(outcome.mayPassHere ? Self.tryAgain : Self.unavailable)
    }
    guard !record.failed.isEmpty else { return }
    LineLogHandler.standardError(
      "ambd: \(done), \(record.failed.count) failed: see \"failed\" in shard \(record.shard)'s .json\n")
    throw ExitCode(Self.doneWithFailures)
  }

  private static let doneWithFailures: Int32 = 3
  /// EX_UNAVAILABLE, EX_TEMPFAIL and EX_CONFIG of sysexits(3).
  private static let (unavailable, tryAgain, wrongConfiguration): (Int32, Int32, Int32) = (69, 75, 78)

  private static func exitCode(_ kind: Explanation.Kind) -> Int32 {
    switch kind {
    case .usage: wrongConfiguration
    case .data, .missingInput: kind.exitCode == 66 ? 65 : kind.exitCode
    case .io: tryAgain
    }
  }

  private var scratchFolder: URL {
    let place = scratch ?? ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
    return URL(fileURLWithPath: place.isEmpty ? "/tmp" : place, isDirectory: true)
  }

  private func time() throws -> Date? {
    guard let at else { return nil }
    guard let time = try? Date(at, strategy: .iso8601) else {
      throw ShardError(
        .usage, "this is no moment", at: "--at", found: at, expected: "ISO 8601 with a zone: 2026-11-22T02:00:00Z")
    }
    return time
  }

  /// Slurm says how many processors the task has; probes run where asked for.
  private var overrides: [String: String] {
    var overrides = ["probes.enabled": probes ? "true" : "false"]
    let processors = ProcessInfo.processInfo.environment["SLURM_CPUS_PER_TASK"].flatMap { Int($0) }
    if let processors {
      overrides["scoring.threads"] = String(processors)
      overrides["probes.threads"] = String(processors)
    }
    return overrides.merging(common.overrides) { $1 }
  }
}

/// Whether somebody has told the task to stop.
private final class StopRequest {
  private let signals: SignalPipe
  private var isThere = false

  init(_ signals: SignalPipe) {
    self.signals = signals
  }

  var hasArrived: Bool {
    if !signals.drain().isEmpty { isThere = true }
    return isThere
  }
}
