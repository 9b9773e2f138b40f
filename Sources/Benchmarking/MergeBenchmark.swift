import AMBDSGDN
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex
import Shards
import Tensors

/// Measures `ambq merge` as a whole process: the outputs of many shards into one index.
public struct MergeBenchmark: Sendable {
  /// What was measured.
  public struct Result: Sendable {
    /// Bundles in all shards.
    public let bundles: Int
    /// Of all shards' rows.
    public let shardBytes: Int
    /// Of the merged index.
    public let indexBytes: Int
    /// What writing a bundle's rows took in its shard, in seconds.
    public let writing: Double
    /// The same in seconds of a processor, which others' work does not lengthen.
    public let writingProcessor: Double
    /// Seconds of the merge.
    public let seconds: Double
    /// Processor seconds of the merge, over all its threads.
    public let processorSeconds: Double
    /// The most memory that it held at once, in bytes.
    public let peak: Int
    /// SHA-256 of the merged index.
    public let digest: String
  }

  private let program: URL
  private let utterances: Int
  private let shards: Int
  private let length: Int
  private let faults: Double

  /// - Parameters:
  ///   - program: the `ambq` to run.
  ///   - utterances: in all shards.
  ///   - length: utterances of a bundle, in dialogues of ten.
  ///   - faults: the share of tasks that are killed, stopped, or run twice at one time; the index must be the same.
  public init(program: URL, utterances: Int, shards: Int, length: Int, faults: Double) {
    self.program = program
    self.utterances = utterances
    self.shards = shards
    self.length = length
    self.faults = faults
  }

  /// Writes the outputs of all shards, and merges them once.
  ///
  /// - Throws: `BenchmarkError` where the merge fails; errors of the index and the disk.
  public func run() throws -> Result {
    try withWorkFolder { folder in
      let outputs = folder.appendingPathComponent("out", isDirectory: true)
      try DurableFile.makeFolder(outputs)
      let bundles = (utterances + length - 1) / length
      var byShard: [Int: [Int]] = [:]
      for number in 0..<bundles {
        byShard[Int(Self.hash(number).multipliedFullWidth(by: UInt64(shards)).high), default: []].append(number)
      }
      var (shardBytes, writing) = (0, Spent())
      for number in 0..<shards {
        guard let shard = Shard(number: number, of: shards) else { continue }
        let (bytes, spent) = try write(byShard[number, default: []], as: shard, into: outputs, in: folder)
        shardBytes += bytes
        writing += spent
      }
      let index = folder.appendingPathComponent("index.sqlite")
      let merge = try MeasuredRun(program, ["merge", outputs.path, "--into", index.path, "--quiet"])
      guard merge.status == 0 else { throw BenchmarkError("ambq merge failed", program: program) }
      let size = try FileManager.default.attributesOfItem(atPath: index.path)[.size] as? Int
      return Result(
        bundles: bundles, shardBytes: shardBytes, indexBytes: size ?? 0, writing: writing.seconds / Double(bundles),
        writingProcessor: writing.processor / Double(bundles), seconds: merge.seconds,
        processorSeconds: merge.processorSeconds, peak: merge.peakMemory,
        digest: try FileDigest.sha256(contentsOf: index))
    }
  }

  /// Seconds on the clock and of a processor.
  private struct Spent {
    var seconds = 0.0
    var processor = 0.0

    static func += (left: inout Spent, right: Spent) {
      left.seconds += right.seconds
      left.processor += right.processor
    }
  }

  /// What befalls a task.
  private enum Fault: CaseIterable {
    /// Killed while it copies its outputs: half a file is left.
    case killed
    /// Told to stop half-way: its outputs are there, and the next attempt goes on from them.
    case stopped
    /// Run twice at one time: both put their outputs into the folder.
    case twice
  }

  private func fault(of shard: Shard) -> Fault? {
    let key = CounterBasedRandom.key(named: "faults")
    guard CounterBasedRandom.uniform(key, UInt64(shard.number)) < faults else { return nil }
    return Fault.allCases[shard.number % Fault.allCases.count]
  }

  /// - Returns: the size of the rows, and what writing them took.
  private func write(_ bundles: [Int], as shard: Shard, into outputs: URL, in folder: URL) throws -> (Int, Spent) {
    let file = folder.appendingPathComponent("rows.sqlite")
    let scored = bundles.map(bundle)
    let place = ShardOutputs(in: outputs, of: shard)
    var earlier: ShardRecord?
    var spent = Spent()
    let fault = fault(of: shard)
    if fault == .killed {
      try Data("half".utf8).write(to: outputs.appendingPathComponent(".\(shard.stem).0123456789abcdef.tmp"))
    }
    if fault == .stopped {
      spent += try record(scored.prefix(scored.count / 2), in: file)
      earlier = try put(file, of: shard, into: place, scored.count / 2, of: scored.count, replacing: nil)
      spent += try record(scored.dropFirst(scored.count / 2), in: file)
    } else {
      spent += try record(scored[...], in: file)
    }
    let record = try put(file, of: shard, into: place, scored.count, of: scored.count, replacing: earlier)
    if fault == .twice { _ = try put(file, of: shard, into: place, scored.count, of: scored.count, replacing: nil) }
    unlink(file.path)
    return (record.results.bytes, spent)
  }

  /// - Returns: what it took.
  private func record(_ scored: ArraySlice<ScoredBundle>, in file: URL) throws -> Spent {
    let index = try IndexWriter(file, isScratch: true)
    let time = Date(timeIntervalSince1970: 1_795_314_600)
    let before = processorSeconds()
    let seconds = try measured {
      for group in stride(from: scored.startIndex, to: scored.endIndex, by: 64) {
        _ = try index.record(
          scored[group..<min(group + 64, scored.endIndex)].map { bundle in
            BundleRecording(
              bundle: bundle,
              scoring: ScoringRecord(
                arrived: time, scored: time, seconds: 0, labelFile: "labels/\(bundle.name).tsv", byteCount: 1))
          })
      }
      try index.close()
    }
    return Spent(seconds: seconds, processor: processorSeconds() - before)
  }

  private func put(
    _ file: URL, of shard: Shard, into outputs: ShardOutputs, _ done: Int, of all: Int, replacing earlier: ShardRecord?
  ) throws -> ShardRecord {
    try outputs.place(file, replacing: earlier) { name, digest, bytes in
      ShardRecord(
        shard, isComplete: done == all,
        terms: ShardRecord.Terms(program: Version.current, models: [], configuration: [:], time: nil),
        list: "bench", inputs: "bench", inputCount: all,
        results: ShardRecord.Results(
          file: name, sha256: digest, bytes: bytes, bundles: done, utterances: done * length),
        failed: [])
    }
  }

  /// A bundle with numbers that have all their digits, as real ones have, and speakers of its own dialogues.
  private func bundle(_ number: Int) -> ScoredBundle {
    let emotions = Preset.meld.configuration.emotions
    let rows = (0..<length).map { row -> ScoredUtterance in
      let key = CounterBasedRandom.key(UInt64(number), UInt64(row))
      let label = row % 10 == 0 ? 6 : row % 6
      let weights = (0..<7).map { CounterBasedRandom.uniform(key, UInt64($0)) + ($0 == label ? 3 : 0) }
      let total = weights.reduce(0, +)
      let probabilities = weights.map { Float($0 / total) }
      let share = CounterBasedRandom.uniform(key, 7)
      let dialogue = "session-\(number)-\(row / 10)"
      return ScoredUtterance(
        dialogue: dialogue, utterance: "\(dialogue)#\(row % 10)", turn: row % 10,
        speaker: "speaker \(number % 1000)-\(row % 2)", start: Double(row % 10) * 3.217,
        end: Double(row % 10) * 3.217 + 2.9, emotion: emotions[label], confidence: Double(probabilities[label]),
        probabilities: probabilities, branchLogits: [.text: probabilities, .audio: probabilities],
        shares: [.text: share, .audio: 1 - share], margin: share / 2)
    }
    let digits = String(Self.hash(number), radix: 16)
    return ScoredBundle(
      name: "session-\(number).h5",
      digest: String(repeating: String(repeating: "0", count: 16 - digits.count) + digits, count: 4),
      modelName: "bench", modelDigest: "0", emotions: emotions, utterances: rows)
  }

  private static func hash(_ number: Int) -> UInt64 { SplitMix64.mixed(UInt64(number)) }
}
