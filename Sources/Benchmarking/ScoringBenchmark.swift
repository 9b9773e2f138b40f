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

  /// Scores and multiplies in turn, so that both meet the same machine.
  ///
  /// The products are run in two ways: one thread a product and as many products as threads, and one product at a time
  /// with the library's own threads.
  ///
  /// - Throws: `CancellationError` where the calling task is cancelled.
  public func run() throws -> RateResult {
    let inference = BranchInference(model, threads: threads)
    let shapes = ProductShapes(model.configuration)
    let products = MatrixProducts(shapes: shapes, pieces: inference.pieceRows(bundle))
    var (seconds, productSeconds, librarySeconds): ([Double], [Double], [Double]) = ([], [], [])
    for repetition in 0...repetitions {
      let scoring = try measured { _ = try inference.logits(bundle) }
      let product = try measured { try products.run(.forward, threads: threads) }
      Processor.useThreadsPerProduct(threads)
      let library = try measured { try products.run(.forward, threads: 1) }
      Processor.useOneThreadPerProduct()
      guard repetition > 0 else { continue }
      seconds.append(scoring)
      productSeconds.append(product)
      librarySeconds.append(library)
    }
    return RateResult(
      bundle, threads: threads, seconds: seconds, productSeconds: [productSeconds, librarySeconds],
      operations: shapes.operationsPerRow * Double(bundle.utterances.count))
  }
}
