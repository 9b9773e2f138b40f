import AMBDSGDN
import DialogueDomain
import Tensors

/// Measures scoring against the machine's own matrix-product rate, both in one run.
public struct ScoringBenchmark: Sendable {
  private let model: Model
  private let bundle: FeatureBundle
  private let threads: Int
  private let repetitions: Int

  /// - Parameter repetitions: to count; one more is run first.
  public init(_ model: Model, bundle: FeatureBundle, threads: Int, repetitions: Int) {
    self.model = model
    self.bundle = bundle
    self.threads = threads
    self.repetitions = repetitions
  }

  /// Scores in single precision and in another in turn.
  ///
  /// - Throws: `CancellationError` where the calling task is cancelled.
  public func run(in precision: Precision) throws -> PrecisionBenchmark.Result {
    let (own, other) = (
      BranchInference(model, threads: threads), BranchInference(model.computed(in: precision), threads: threads)
    )
    return try PrecisionBenchmark(precision, repetitions: repetitions).run(
      single: { _ = try own.logits(bundle) }, reduced: { _ = try other.logits(bundle) })
  }

  /// Scores and multiplies in turn, so that both meet the same machine.
  ///
  /// - Throws: `CancellationError` where the calling task is cancelled.
  public func run() throws -> RateResult {
    let inference = BranchInference(model, threads: threads)
    let shapes = ProductShapes(model.configuration)
    let products = MatrixProducts(shapes: shapes, pieces: inference.pieceRows(bundle))
    let (seconds, productSeconds) = try products.measured(
      beside: { _ = try inference.logits(bundle) }, threads: threads, repetitions)
    return RateResult(
      dialogues: bundle.dialogues.count, utterances: bundle.utterances.count, threads: threads, seconds: seconds,
      productSeconds: productSeconds, operations: shapes.operationsPerRow * Double(bundle.utterances.count))
  }
}
