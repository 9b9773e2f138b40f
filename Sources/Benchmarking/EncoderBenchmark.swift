import DialogueDomain
import Tensors
import TextEncoder

/// Measures the text encoder against the machine's own matrix-product rate, both in one run.
public struct EncoderBenchmark: Sendable {
  private let encoder: TextEncoder
  private let sequences: [TokenSequence]
  private let threads: Int
  private let repetitions: Int

  /// - Parameters:
  ///   - utterances: how many are encoded.
  ///   - tokens: of each utterance, with `[CLS]` and `[SEP]`.
  ///   - repetitions: to count; one more is run first.
  public init(_ encoder: TextEncoder, utterances: Int, tokens: Int, threads: Int, repetitions: Int) {
    self.encoder = encoder
    self.threads = threads
    self.repetitions = repetitions
    // Any pieces will do: the time does not depend on which.
    let vocabulary = encoder.network.configuration.vocabulary
    sequences = (0..<utterances).map { row in
      TokenSequence(
        ids: (0..<tokens).map { (row * 131 + $0 * 7919) % vocabulary }, types: [Int](repeating: 0, count: tokens),
        pooled: 0..<tokens)
    }
  }

  /// Encodes in single precision and in another in turn.
  ///
  /// - Throws: `CancellationError` where the calling task is cancelled.
  public func run(in precision: Precision) throws -> PrecisionBenchmark.Result {
    let reduced = encoder.computed(in: precision)
    return try PrecisionBenchmark(reduced.precision, repetitions: repetitions).run(
      single: { _ = try encoder.encode(sequences, threads: threads) },
      reduced: { _ = try reduced.encode(sequences, threads: threads) })
  }

  /// Encodes and multiplies in turn, as `ScoringBenchmark.run`.
  ///
  /// - Throws: `CancellationError` where the calling task is cancelled.
  public func run() throws -> RateResult {
    let lengths = sequences.map { $0.ids.count }
    let shapes = ProductShapes(encoder.network.configuration)
    let pieces = TextEncoder.batches(lengths).map { lengths[$0].reduce(0, +) }
    let (seconds, productSeconds) = try MatrixProducts(shapes: shapes, pieces: pieces)
      .measured(beside: { _ = try encoder.encode(sequences, threads: threads) }, threads: threads, repetitions)
    return RateResult(
      dialogues: 1, utterances: sequences.count, threads: threads, seconds: seconds, productSeconds: productSeconds,
      operations: shapes.operationsPerRow * Double(lengths.reduce(0, +)))
  }
}
