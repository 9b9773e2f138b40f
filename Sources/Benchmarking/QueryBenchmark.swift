import Foundation
import OperatingSystem
import ResultIndex

/// Measures `ambq` as whole processes on a large index: seconds, and how much memory each took at most.
public struct QueryBenchmark: Sendable {
  /// One command with what is expected of it.
  public struct Query: Sendable {
    /// The arguments, without the index's.
    public let arguments: [String]
    /// Seconds that it should stay below; nil where nothing is asked but memory.
    public let aim: Double?

    init(_ arguments: [String], aim: Double? = nil) {
      self.arguments = arguments
      self.aim = aim
    }
  }

  /// What was measured of one command.
  public struct Result: Sendable {
    /// The command.
    public let query: Query
    /// Seconds of each run.
    public let seconds: [Double]
    /// Processor seconds of each run.
    public let processorSeconds: [Double]
    /// The greatest memory of any run, in bytes.
    public let peakMemory: Int
    /// Bytes that a run writes.
    public let outputBytes: Int
  }

  /// What every command should stay below, in bytes.
  public static let memoryAim = 100_000_000
  private let program: URL
  private let index: URL
  private let repetitions: Int

  /// - Parameters:
  ///   - program: the `ambq` to run.
  ///   - index: one of `SyntheticIndex`.
  public init(program: URL, index: URL, repetitions: Int) {
    self.program = program
    self.index = index
    self.repetitions = repetitions
  }

  /// The documented uses, the first pages before what looks at everything.
  public static var queries: [Query] {
    // Absolute times: the index ends where it ends, whatever day it is.
    let day = time(SyntheticIndex.end.addingTimeInterval(-86_400))
    let week = time(SyntheticIndex.end.addingTimeInterval(-7 * 86_400))
    return [
      Query(["--version"]),
      Query(["list", "--emotion", "anger", "--since", day, "--limit", "50"], aim: 0.020),
      Query(["list", "--emotion", "anger", "--limit", "50"], aim: 0.020),
      Query(["list", "--limit", "10000"], aim: 0.030),
      Query(["list", "--limit", "10000", "--format", "jsonl"]),
      Query(["list", "--text", SyntheticIndex.rareWord, "--limit", "50"], aim: 0.050),
      Query(["list", "--text", SyntheticIndex.commonWord, "--limit", "50"], aim: 0.050),
      Query(["list", "--text", "\(SyntheticIndex.commonWord) word12", "--since", week, "--limit", "50"], aim: 0.050),
      Query(["list", "--sort", "-confidence", "--limit", "50"]),
      Query(["list", "--emotion", "anger", "--sort", "-confidence", "--limit", "50"]),
      Query(["list", "--emotion", "anger", "--count"]),
      Query(["list", "--since", week, "--count"]),
      Query(["list", "--min-confidence", "0.6", "--count"]),
      Query(["show", "dialogue-1234"]),
      Query(["stats"], aim: 0.200),
      Query(["stats", "--since", week], aim: 0.200),
      Query(["stats", "--emotion", "anger"]),
      Query(["stats", "--format", "json"]),
      Query(["count", "--by", "emotion"]),
      Query(["count", "--by", "speaker"]),
      Query(["count", "--by", "model"]),
      Query(["count", "--by", "day"]),
      Query(["count", "--by", "dialogue", "--limit", "20"]),
      Query(["dialogues", "--limit", "20"]),
      Query(["dialogues", "--since", week]),
      Query(["speakers", "--limit", "20"]),
      Query(["emotions"]),
      Query(["models"]),
      Query(["bundles", "--limit", "20"]),
      Query(["bundles", "--since", week]),
      Query(["bundles", "--sort", "-utterances", "--limit", "20"]),
      Query(["errors"]),
      Query(["status"]),
    ]
  }

  private static func time(_ date: Date) -> String { date.formatted(.iso8601) }

  /// Runs one command again and again, after a run that is not counted.
  ///
  /// - Throws: `BenchmarkError` where a run fails; `StorageError` where it cannot be started.
  public func run(_ query: Query) throws -> Result {
    let arguments = query.arguments == ["--version"] ? query.arguments : query.arguments + ["--index", index.path]
    let runs = try (0...repetitions).map { _ in
      let run = try MeasuredRun(program, arguments)
      // 69: no daemon runs, which the status tells.
      guard run.status == 0 || (query.arguments.first == "status" && run.status == 69) else {
        throw BenchmarkError(
          "\(program.lastPathComponent) \(query.arguments.joined(separator: " ")) failed", program: program)
      }
      return run
    }.dropFirst()
    return Result(
      query: query, seconds: runs.map(\.seconds), processorSeconds: runs.map(\.processorSeconds),
      peakMemory: runs.map(\.peakMemory).max() ?? 0, outputBytes: runs.last?.outputBytes ?? 0)
  }

  /// Makes the index where there is none.
  ///
  /// - Parameter progress: told how many utterances have been written.
  /// - Throws: `IndexError`.
  public func prepare(_ content: SyntheticIndex, progress: (Int) -> Void) throws {
    guard !FileManager.default.fileExists(atPath: index.path) else { return }
    let unfinished = index.appendingPathExtension("unfinished")
    let writer = try IndexWriter(unfinished)
    try content.write(writer, progress: progress)
    try writer.close()
    try FileManager.default.moveItem(at: unfinished, to: index)
  }
}
