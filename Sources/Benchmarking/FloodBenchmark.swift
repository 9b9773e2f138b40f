import AMBDSGDN
import DialogueBundles
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex
import Tensors

/// Measures how fast a real daemon drains a backlog: many bundles of one dialogue each, all there when it starts.
public struct FloodBenchmark: Sendable {
  /// What was measured of one drain.
  public struct Result: Sendable {
    /// The model's name.
    public let model: String
    /// Bundles of the backlog.
    public let bundles: Int
    /// Utterances in all.
    public let utterances: Int
    /// Seconds from the daemon's start to the first rows.
    public let first: Double
    /// Seconds from the first rows to the last.
    public let drain: Double
    /// Bundles a second in each tenth of the drain.
    public let pace: [Double]
    /// Processor seconds of the daemon, and of the children that read.
    public let processor: (daemon: Double, readers: Double)
    /// Seconds of reading, scoring and writing, as the daemon counts them: reading goes on beside the others.
    public let stages: [(name: String, seconds: Double)]
    /// Seconds of scoring the same dialogues in this process, all together.
    public let scoring: Double
    /// Greatest resident bytes of the daemon.
    public let peak: Int?
  }

  private let daemon: URL
  private let modelDirectory: URL
  private let bundles: Int
  private let utterances: Int
  private let threads: Int

  /// - Parameters:
  ///   - daemon: the `ambd` to run.
  ///   - bundles: of the backlog.
  ///   - utterances: of each bundle's one dialogue.
  public init(daemon: URL, model: URL, bundles: Int, utterances: Int, threads: Int) {
    self.daemon = daemon
    modelDirectory = model
    self.bundles = bundles
    self.utterances = utterances
    self.threads = threads
  }

  /// Fills a spool, starts the daemon and watches its index grow.
  ///
  /// - Throws: errors of the model, of writing bundles and of starting the daemon; `BenchmarkError` where a bundle does
  ///   not come out.
  public func run() throws -> Result {
    try withWorkFolder { try run(in: $0) }
  }

  private func run(in folder: URL) throws -> Result {
    let model = try Model(directory: modelDirectory)
    let spool = folder.appendingPathComponent("spool")
    try fill(spool.appendingPathComponent("incoming"), for: model.configuration)
    let metrics = folder.appendingPathComponent("metrics.prom")
    let index = spool.appendingPathComponent("index.sqlite")
    let start = ContinuousClock.now
    func elapsed() -> Double { (ContinuousClock.now - start) / .seconds(1) }
    let program = try TimedProgram(
      daemon,
      [
        "--spool", spool.path, "--model", modelDirectory.path, "--threads", String(threads),
        "--set", "probes.enabled=false", "--set", "metrics.file=\(metrics.path)", "--set", "daemon.heartbeat_seconds=1",
      ])
    defer { program.stop() }
    let reader = try opened(index, program)
    var (seen, last, quiet) = (0, 0.0, 0.0)
    var first: Double?
    var marks: [(bundles: Int, time: Double)] = []
    while seen < bundles {
      usleep(first == nil ? 500 : 20_000)
      let count = try reader.scoringCount()
      if count > seen {
        (seen, last) = (count, elapsed())
        if first == nil { first = last }
        marks.append((count, last))
      }
      quiet = elapsed() - last
      guard program.isRunning, quiet < 60 else {
        throw BenchmarkError("the daemon scored \(seen) of \(bundles) bundles", program: daemon)
      }
    }
    let usage = ProcessTimes(of: program.identifier)
    let peak = ProcessMemory.peak(of: String(program.identifier))
    program.stop()
    let text = (try? String(contentsOf: metrics, encoding: .utf8)) ?? ""
    return Result(
      model: model.configuration.name, bundles: bundles, utterances: bundles * utterances, first: first ?? last,
      drain: last - (first ?? 0), pace: pace(marks), processor: (usage.own, usage.children),
      stages: ["read", "score", "write"].map { ($0, Self.sum(of: $0, in: text)) },
      scoring: try scoringAlone(model), peak: peak)
  }

  private func bundle(_ number: Int, for configuration: ModelConfiguration) -> FeatureBundle {
    var bundle = SyntheticDialogues.bundle([utterances], for: configuration, seed: UInt64(number + 1))
    // A synthetic bundle has no extractor.
    bundle.extractors = [:]
    return bundle
  }

  private func fill(_ incoming: URL, for configuration: ModelConfiguration) throws {
    try FileManager.default.createDirectory(at: incoming, withIntermediateDirectories: true)
    _ = try Parallel.map(count: bundles, threads: Processor.cores) { number in
      let name = String(repeating: "0", count: max(0, 6 - "\(number)".count)) + "\(number).h5"
      try BundleWriter(compression: 0).write(
        bundle(number, for: configuration), to: incoming.appendingPathComponent(name))
    }
    // What a backlog is: on the disk, and older than the settling time.
    sync()
    sleep(3)
  }

  private func opened(_ index: URL, _ program: TimedProgram) throws -> IndexReader {
    for _ in 0..<120_000 {
      if FileManager.default.fileExists(atPath: index.path), let reader = try? IndexReader(index) { return reader }
      guard program.isRunning else { break }
      usleep(500)
    }
    throw BenchmarkError("the daemon made no index", program: daemon)
  }

  /// Bundles a second in each tenth of the time between the first mark and the last.
  private func pace(_ marks: [(bundles: Int, time: Double)]) -> [Double] {
    guard let first = marks.first, let last = marks.last, last.time > first.time else { return [] }
    let step = (last.time - first.time) / 10
    return (0..<10).map { tenth in
      let (from, to) = (first.time + Double(tenth) * step, first.time + Double(tenth + 1) * step)
      let before = marks.last { $0.time <= from + 1e-9 } ?? first
      let after = marks.last { $0.time <= to + 1e-9 } ?? last
      return Double(after.bundles - before.bundles) / step
    }
  }

  private func scoringAlone(_ model: Model) throws -> Double {
    let count = min(bundles, 1000)
    let some = (0..<count).map { bundle($0, for: model.configuration) }
    let scorer = BundleScorer(model, threads: threads)
    let groups = stride(from: 0, to: count, by: 64).map { Array(some[$0..<min($0 + 64, count)]) }
    func score(_ group: [FeatureBundle]) throws {
      _ = try scorer.score(group.map { NamedBundle($0, name: "", digest: "") })
    }
    try score(groups[0])
    let seconds = try measured { for group in groups { try score(group) } }
    return seconds * Double(bundles) / Double(count)
  }

  private static func sum(of stage: String, in metrics: String) -> Double {
    let name = "ambq_stage_seconds_sum{stage=\"\(stage)\"} "
    let line = metrics.split(separator: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { Double($0.dropFirst(name.count)) } ?? .nan
  }
}
