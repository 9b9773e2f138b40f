import AMBDSGDN
import DialogueDomain
import Tensors
import TextEncoder

/// The matrix products of the linear layers of a network or an encoder, from its configuration.
struct ProductShapes: Sendable {
  /// x [rows, inner] times W [inner, outer].
  struct Shape: Sendable, Hashable {
    let inner: Int
    let outer: Int
  }

  /// The products of each branch, in the order t, v, a; of an encoder, which has one branch.
  let branches: [[Shape]]

  init(_ configuration: ModelConfiguration) {
    let hidden = Shape(inner: configuration.hidden, outer: configuration.hidden)
    branches = configuration.modalityOrder.map { modality in
      let encoded = ModelConfiguration.hasEncoder(modality)
      let graph =
        [Shape](repeating: hidden, count: configuration.graphHeads)
        + [Shape(inner: configuration.graphHeads * configuration.hidden, outer: configuration.hidden), hidden]
      return [Shape(inner: configuration.modalities[modality]?.width ?? 0, outer: configuration.hidden)]
        + [Shape](repeating: hidden, count: encoded ? 6 * configuration.encoderLayers + 1 : 0) + graph + graph
        + [Shape(inner: configuration.hidden, outer: configuration.emotions.count)]
    }
  }

  /// Those of each Transformer layer: queries, keys, values and their output, and the two of the feed-forward part.
  init(_ encoder: EncoderConfiguration) {
    let hidden = Shape(inner: encoder.hidden, outer: encoder.hidden)
    let feedForward = [
      Shape(inner: encoder.hidden, outer: encoder.intermediate),
      Shape(inner: encoder.intermediate, outer: encoder.hidden),
    ]
    branches = [(0..<encoder.layers).flatMap { _ in [Shape](repeating: hidden, count: 4) + feedForward }]
  }

  /// Multiplications and additions for one row through every branch; products of linear layers only.
  var operationsPerRow: Double {
    branches.joined().reduce(0) { $0 + 2 * Double($1.inner) * Double($1.outer) }
  }
}

/// The bare matrix products that scoring a bundle or training on it needs, on random numbers: the rate to be measured
/// against.
struct MatrixProducts: Sendable {
  enum Work: Sendable {
    /// y = x W of each layer.
    case forward
    /// y = x W, dx = dy Wᵀ and dW = xᵀ dy of each layer.
    case forwardAndBack
  }

  private let shapes: ProductShapes
  private let pieces: [Int]
  private let weights: [ProductShapes.Shape: Matrix]
  private let rows: [Int: Matrix]

  /// - Parameter pieces: rows of each piece of the work.
  init(shapes: ProductShapes, pieces: [Int]) {
    self.shapes = shapes
    self.pieces = pieces
    func random(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(rows: rows, columns: columns, CounterBasedRandom.standardNormal(7, count: rows * columns))
    }
    let distinct = Set(shapes.branches.joined())
    weights = Dictionary(uniqueKeysWithValues: distinct.map { ($0, random($0.inner, $0.outer)) })
    let tallest = pieces.max() ?? 0
    rows = Dictionary(
      uniqueKeysWithValues: Set(distinct.flatMap { [$0.inner, $0.outer] }).map { ($0, random(tallest, $0)) })
  }

  /// Each piece and branch is one task, as in scoring and training.
  func run(_ work: Work, threads: Int) throws {
    let pool = BufferPool()
    _ = try Parallel.map(count: pieces.count * shapes.branches.count, threads: threads) { task in
      let count = pieces[task / shapes.branches.count]
      for shape in shapes.branches[task % shapes.branches.count] {
        guard let x = rows[shape.inner], let weight = weights[shape] else { continue }
        switch work {
        case .forward: x.multiplyFirstRows(count, by: weight, pool: pool)
        case .forwardAndBack:
          guard let gradient = rows[shape.outer] else { continue }
          x.multiplyForwardAndBack(count, by: weight, gradient: gradient, pool: pool)
        }
      }
    }
  }
}

extension MatrixProducts {
  /// Seconds of some work and, in turn with it, of the forward products in both ways: one thread a product and as many
  /// products as threads, and one product at a time with the library's own threads.
  ///
  /// - Parameter repetitions: to count; one more is run first.
  func measured(
    beside work: () throws -> Void, threads: Int, _ repetitions: Int
  ) throws -> (work: [Double], products: [[Double]]) {
    var (seconds, productSeconds): ([Double], [[Double]]) = ([], [[], []])
    for repetition in 0...repetitions {
      let own = try Benchmarking.measured(work)
      let product = try Benchmarking.measured { try run(.forward, threads: threads) }
      Processor.useThreadsPerProduct(threads)
      let library = try Benchmarking.measured { try run(.forward, threads: 1) }
      Processor.useOneThreadPerProduct()
      guard repetition > 0 else { continue }
      seconds.append(own)
      productSeconds[0].append(product)
      productSeconds[1].append(library)
    }
    return (seconds, productSeconds)
  }
}

/// How long some work took, beside the bare matrix products that it is made of, measured in the same run.
public struct RateResult: Sendable {
  /// Dialogues of the work.
  public let dialogues: Int
  /// Utterances of the work.
  public let utterances: Int
  /// Threads it was done with.
  public let threads: Int
  /// Seconds of each repetition of the work.
  public let seconds: [Double]
  /// Seconds of each repetition of the bare products, for each way in which they were run.
  public let productSeconds: [[Double]]
  /// Multiplications and additions of the linear layers in one repetition.
  public let operations: Double

  init(
    dialogues: Int, utterances: Int, threads: Int, seconds: [Double], productSeconds: [[Double]], operations: Double
  ) {
    self.dialogues = dialogues
    self.utterances = utterances
    self.threads = threads
    self.seconds = seconds
    self.productSeconds = productSeconds
    self.operations = operations
  }

  /// Utterances in a second, by the median.
  public var utterancesPerSecond: Double { Double(utterances) / median(seconds) }
  /// GFLOP/s of the work's linear layers, by the median.
  public var rate: Double { operations / median(seconds) / 1e9 }
  /// GFLOP/s of the bare products, by the median of the best way.
  public var productRate: Double { operations / (productSeconds.map { median($0) }.min() ?? .nan) / 1e9 }
  /// The work's rate as a share of the products'.
  public var share: Double { rate / productRate }
}
