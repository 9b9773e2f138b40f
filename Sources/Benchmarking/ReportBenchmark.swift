import AMBDSGDN
import BundleScoring
import DialogueDomain
import EvaluationStatistics
import Foundation
import ResultIndex
import Tensors

/// Measures `ambq report` as a whole process: a night of many probed bundles, and as full a night before it.
public struct ReportBenchmark: Sendable {
  /// What was measured.
  public struct Result: Sendable {
    /// Of one night.
    public let bundles: Int
    /// Of one night.
    public let utterances: Int
    /// Size of the index with both nights.
    public let indexBytes: Int
    /// Seconds of each run of the process.
    public let seconds: [Double]
  }

  private let program: URL
  private let bundles: Int
  private let format: String
  private let repetitions: Int

  /// The night whose report is made, 2026-11-24, and the one before end at two in the morning, UTC.
  private static let end = Date(timeIntervalSince1970: 1_795_485_600)
  private static let day = 86_400.0
  private static let lengths = [Int](repeating: 20, count: 10)

  /// - Parameters:
  ///   - program: the `ambq` to run.
  ///   - bundles: in each of the two nights, of 10 dialogues and 200 utterances each.
  public init(program: URL, bundles: Int, format: String, repetitions: Int) {
    self.program = program
    self.bundles = bundles
    self.format = format
    self.repetitions = repetitions
  }

  /// Fills an index and makes the report again and again.
  ///
  /// - Throws: `BenchmarkError` where a run fails; errors of the index and of the probes.
  public func run() throws -> Result {
    try withIndex(fill) { index in
      // Absolute times: the report does not depend on this machine's zone.
      let period = ["--since", "2026-11-23T02:00:00Z", "--until", "2026-11-24T02:00:00Z"]
      let arguments = ["report", "--index", index.path, "--format", format] + period
      let seconds = try TimedProgram.seconds(program, arguments, repetitions: repetitions)
      let size = try FileManager.default.attributesOfItem(atPath: index.path)[.size] as? Int
      return Result(
        bundles: bundles, utterances: bundles * Self.lengths.reduce(0, +), indexBytes: size ?? 0, seconds: seconds)
    }
  }

  /// A few bundles are really scored and probed, with a small network of all three modalities; the night repeats them.
  private func fill(_ writer: IndexWriter) throws {
    let configuration = ModelConfiguration(
      name: "bench", emotions: Preset.meld.configuration.emotions,
      modalities: [
        .text: ModalityConfiguration(width: 384, noiseDeviation: 1),
        .visual: ModalityConfiguration(width: 342, noiseDeviation: 1),
        .audio: ModalityConfiguration(width: 300, noiseDeviation: 1),
      ], hidden: 32, window: 6, speakers: 2)
    let model = Model(network: Network(configuration, ParameterSet(configuration, seed: 1).frozen()))
    let probes = ProbeRun(model, threads: 1)
    let samples = try (0..<4).map { seed in
      let bundle = SyntheticDialogues.bundle(Self.lengths, for: configuration, seed: UInt64(seed))
      return (bundle: bundle, outcome: try probes.run(bundle, digest: "sample-\(seed)"))
    }
    for number in 0..<2 * bundles {
      let sample = samples[number % samples.count]
      let digest = Self.digest(number)
      let scored = Self.scored(sample.bundle, sample.outcome, name: "bundle-\(number).h5", digest: digest, model)
      let time =
        Self.end - Self.day * (number < bundles ? 2 : 1) + Double(number % bundles) * Self.day / Double(bundles)
      _ = try writer.record(
        scored,
        ScoringRecord(
          arrived: time, scored: time, seconds: 0.1, labelFile: "labels/bundle-\(number).tsv", byteCount: 1),
        probe: ProbeRequest(plan: "{}", file: "done/bundle-\(number).h5", time: time))
      guard let pending = try writer.nextPendingProbe() else { continue }
      var statistics = sample.outcome.statistics
      statistics.curves = DialogueCurves([digest: statistics.curves.bundles.values.first ?? [:]])
      try writer.recordProbe(
        pending, stability: sample.outcome.stability, statistics: statistics.encoded(), seconds: 1, at: time)
    }
  }

  private static func scored(
    _ bundle: FeatureBundle, _ outcome: ProbeOutcome, name: String, digest: String, _ model: Model
  ) -> ScoredBundle {
    let emotions = model.configuration.emotions
    let rows = bundle.dialogues.flatMap { dialogue in
      dialogue.rows.map { row -> ScoredUtterance in
        let key = CounterBasedRandom.key(CounterBasedRandom.key(named: digest), UInt64(row))
        let label = Int(CounterBasedRandom.uniform(key, 0) * Double(emotions.count))
        let probabilities = (0..<emotions.count).map { $0 == label ? Float(0.7) : 0.05 }
        return ScoredUtterance(
          dialogue: dialogue.id, utterance: bundle.utterances[row].id, turn: row - dialogue.rows.lowerBound,
          speaker: ["Ann", "Bo", "Carla", "Dan"][row % 4], emotion: emotions[label],
          confidence: 0.5 + CounterBasedRandom.uniform(key, 1) / 2, probabilities: probabilities, branchLogits: [:],
          shares: [:], truth: bundle.utterances[row].label.map { emotions[$0] })
      }
    }
    return ScoredBundle(
      name: name, digest: digest, modelName: "bench", modelDigest: model.digest, emotions: emotions, utterances: rows)
  }

  private static func digest(_ number: Int) -> String {
    let digits = String(CounterBasedRandom.key(UInt64(number)), radix: 16)
    return String(repeating: String(repeating: "0", count: 16 - digits.count) + digits, count: 4)
  }
}

/// Runs `body` on a new index that `fill` has filled; it is removed afterwards.
private func withIndex<Result>(
  _ fill: (IndexWriter) throws -> Void, _ body: (_ index: URL) throws -> Result
) throws -> Result {
  try withWorkFolder { folder in
    let index = folder.appendingPathComponent("index.sqlite")
    let writer = try IndexWriter(index)
    try fill(writer)
    try writer.close()
    return try body(index)
  }
}
