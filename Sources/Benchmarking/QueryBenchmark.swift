import DialogueDomain
import Foundation
import ResultIndex
import Tensors

/// Measures `ambq list --emotion anger` as a whole process on a large index.
public struct QueryBenchmark: Sendable {
  public struct Result: Sendable {
    public let utterances: Int
    /// Rows the query prints.
    public let rows: Int
    /// Seconds of each run of the process.
    public let seconds: [Double]
  }

  private let program: URL
  private let utterances: Int
  private let repetitions: Int

  /// - Parameter program: the `ambq` to run.
  public init(program: URL, utterances: Int, repetitions: Int) {
    self.program = program
    self.utterances = utterances
    self.repetitions = repetitions
  }

  public func run() throws -> Result {
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: work) }
    let index = work.appendingPathComponent("index.sqlite")
    try fill(index)
    let seconds = try TimedProgram.seconds(
      program, ["list", "--emotion", "anger", "--index", index.path], repetitions: repetitions)
    var query = UtteranceQuery()
    query.emotions = ["anger"]
    return Result(utterances: utterances, rows: try IndexReader(index).count(query), seconds: seconds)
  }

  /// Bundles of a thousand utterances, a tenth of them angry; numbers with all their digits, as real ones have.
  private func fill(_ url: URL) throws {
    let emotions = EmotionSet(["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"])
    let writer = try IndexWriter(url)
    for bundle in 0..<(utterances + 999) / 1000 {
      let rows = (0..<min(1000, utterances - bundle * 1000)).map { row in
        utterance(row, key: CounterBasedRandom.key(UInt64(bundle), UInt64(row)), emotions)
      }
      let scored = ScoredBundle(
        name: "bundle-\(bundle).h5", digest: String(CounterBasedRandom.key(UInt64(bundle)), radix: 16),
        modelName: "bench", modelDigest: "0", emotions: emotions, utterances: rows)
      let now = Date(timeIntervalSince1970: 1_700_000_000 + Double(bundle))
      _ = try writer.record(
        scored,
        ScoringRecord(arrived: now, scored: now, seconds: 0.1, labelFile: "labels/bundle-\(bundle).tsv", byteCount: 1))
    }
    try writer.close()
  }

  private func utterance(_ row: Int, key: UInt64, _ emotions: EmotionSet) -> ScoredUtterance {
    let label = row % 10 == 0 ? 6 : row % 6
    let weights = (0..<7).map { CounterBasedRandom.uniform(key, UInt64($0)) + ($0 == label ? 3 : 0) }
    let total = weights.reduce(0, +)
    let probabilities = weights.map { Float($0 / total) }
    let share = CounterBasedRandom.uniform(key, 7)
    return ScoredUtterance(
      dialogue: "dialogue-\(row / 20)", utterance: "dialogue-\(row / 20)#\(row % 20)", turn: row % 20,
      speaker: ["Ann", "Bo", "Carla"][row % 3], start: Double(row % 20) * 3.217, end: Double(row % 20) * 3.217 + 2.9,
      emotion: emotions[label], confidence: Double(probabilities[label]), probabilities: probabilities,
      branchLogits: [.text: probabilities, .audio: probabilities], shares: [.text: share, .audio: 1 - share],
      margin: share / 2)
  }
}
