import AMBDSGDN
import DialogueBundles
import DialogueDomain
import Foundation
import ResultIndex
import Tensors

/// Measures a real daemon on a fresh spool: from a bundle's rename to its rows, and the memory it holds.
public struct DaemonBenchmark: Sendable {
  /// What was measured of one model.
  public struct Result: Sendable {
    /// The model's name.
    public let model: String
    /// Seconds from a bundle's rename into `incoming` to its rows being visible in the index, one each repetition.
    public let arrival: [Double]
    /// Seconds of scoring the same bundles in this process, one each repetition.
    public let scoring: [Double]
    /// Of one bundle.
    public let dialogues: Int
    /// Of one bundle.
    public let utterances: Int
    /// Resident bytes of the waiting daemon, before its first bundle.
    public let idle: Int?
    /// Greatest resident bytes after the bundles and their probes.
    public let peak: Int?
  }

  private let daemon: URL
  private let modelDirectory: URL
  private let lengths: [Int]
  private let repetitions: Int
  private let threads: Int

  /// - Parameters:
  ///   - daemon: the `ambd` to run.
  ///   - lengths: utterances of each dialogue of the bundles.
  public init(daemon: URL, model: URL, lengths: [Int], repetitions: Int, threads: Int) {
    self.daemon = daemon
    modelDirectory = model
    self.lengths = lengths
    self.repetitions = repetitions
    self.threads = threads
  }

  /// Runs the daemon, drops the bundles one by one, and stops it.
  ///
  /// - Throws: errors of the model, of writing bundles and of starting the daemon; `BenchmarkError` where a bundle does
  ///   not come out.
  public func run() throws -> Result {
    try withWorkFolder { try run(spool: $0.appendingPathComponent("spool")) }
  }

  private func run(spool: URL) throws -> Result {
    let model = try Model(directory: modelDirectory)
    let inference = BranchInference(model, threads: threads)
    // One seed: a probe then holds nearly as much memory as with several, and is over sooner.
    let program = try TimedProgram(
      daemon,
      [
        "--spool", spool.path, "--model", modelDirectory.path, "--threads", String(threads), "--set", "probes.seeds=1",
      ])
    defer { program.stop() }
    let incoming = spool.appendingPathComponent("incoming")
    let index = spool.appendingPathComponent("index.sqlite")
    try wait(program) { FileManager.default.fileExists(atPath: index.path) && (try? IndexReader(index)) != nil }
    // The first bundle warms caches and is not counted.
    let idle = ProcessMemory.resident(of: String(program.identifier))
    let reader = try IndexReader(index)
    var (arrival, scoring): ([Double], [Double]) = ([], [])
    for repetition in 0...repetitions {
      let bundle = named(SyntheticDialogues.bundle(lengths, for: model.configuration, seed: UInt64(repetition + 1)))
      let name = "bundle-\(repetition).h5"
      let hidden = incoming.appendingPathComponent(".\(name).part")
      try BundleWriter(compression: 0).write(bundle, to: hidden)
      // What is measured is an arrival at a daemon that waits, its reader standing by, the last bundle's probe done.
      try wait(program) { try reader.probeCounts().pending == 0 }
      usleep(500_000)
      let seconds = try measured {
        try FileManager.default.moveItem(at: hidden, to: incoming.appendingPathComponent(name))
        var query = UtteranceQuery()
        query.bundles = [name]
        try wait(program) { try reader.hasUtterances(query) }
      }
      let bare = try measured { _ = try inference.logits(bundle) }
      guard repetition > 0 else { continue }
      arrival.append(seconds)
      scoring.append(bare)
    }
    try wait(program) { try reader.probeCounts().pending == 0 }
    return Result(
      model: model.configuration.name, arrival: arrival, scoring: scoring, dialogues: lengths.count,
      utterances: lengths.reduce(0, +), idle: idle, peak: ProcessMemory.peak(of: String(program.identifier)))
  }

  /// The extractors that the model asks for are not named: a synthetic bundle has none.
  private func named(_ bundle: FeatureBundle) -> FeatureBundle {
    var bundle = bundle
    bundle.extractors = [:]
    return bundle
  }

  /// Looks again and again, a thousand times a second, until the condition holds.
  private func wait(_ program: TimedProgram, until condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while try !condition() {
      guard program.isRunning, ContinuousClock.now < deadline else {
        throw BenchmarkError("the daemon did not do what was waited for", program: daemon)
      }
      usleep(1000)
    }
  }
}
