import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors

/// Measures scoring against the machine's own matrix-product rate, both in one run.
public struct ScoringBenchmark: Sendable {
  /// What was measured: medians over the repetitions.
  public struct Result: Sendable {
    public let dialogues: Int
    public let utterances: Int
    public let threads: Int
    /// Seconds of each repetition of scoring.
    public let seconds: [Double]
    /// Seconds of each repetition of the bare products, one thread a product and as many products as threads.
    public let productSeconds: [Double]
    /// Seconds of each repetition of the bare products, one at a time, with the library's own threads.
    public let libraryProductSeconds: [Double]
    /// Multiplications and additions of the linear layers.
    public let operations: Double

    public var utterancesPerSecond: Double { Double(utterances) / median(seconds) }
    public var rate: Double { operations / median(seconds) / 1e9 }
    /// The better of the two ways of running the products.
    public var productRate: Double {
      operations / min(median(productSeconds), median(libraryProductSeconds)) / 1e9
    }
    public var share: Double { rate / productRate }
  }

  private let model: Model
  private let bundle: FeatureBundle
  private let threads: Int
  private let repetitions: Int

  public init(_ model: Model, bundle: FeatureBundle, threads: Int, repetitions: Int) {
    self.model = model
    self.bundle = bundle
    self.threads = threads
    self.repetitions = repetitions
  }

  /// Scores and multiplies in turn, so that both meet the same machine; the first round is not counted.
  public func run() throws -> Result {
    let inference = BranchInference(model, threads: threads)
    let shapes = ProductShapes(model.configuration)
    let pieces = inference.pieceRows(bundle)
    let products = ProductBenchmark(shapes: shapes, pieces: pieces)
    var (seconds, productSeconds, librarySeconds): ([Double], [Double], [Double]) = ([], [], [])
    for repetition in 0...repetitions {
      let scoring = try measured { _ = try inference.logits(bundle) }
      let product = try measured { try products.run(threads: threads) }
      Processor.useThreadsPerProduct(threads)
      let library = try measured { try products.run(threads: 1) }
      Processor.useOneThreadPerProduct()
      guard repetition > 0 else { continue }
      seconds.append(scoring)
      productSeconds.append(product)
      librarySeconds.append(library)
    }
    return Result(
      dialogues: bundle.dialogues.count, utterances: bundle.utterances.count, threads: threads, seconds: seconds,
      productSeconds: productSeconds, libraryProductSeconds: librarySeconds,
      operations: shapes.operationsPerRow * Double(bundle.utterances.count))
  }
}

/// The middle value; the mean of the two middle ones of an even number.
public func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// Seconds that `body` took.
func measured(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let duration = try clock.measure(body)
  return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}
