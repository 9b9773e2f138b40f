import AMBDSGDN
import DialogueDomain
import Foundation
import ModelTraining
import Tensors

/// Measures epochs of training against the machine's own matrix-product rate, both in one run.
public struct TrainingBenchmark: Sendable {
  /// What was measured.
  public struct Result: Sendable {
    public let dialogues: Int
    public let utterances: Int
    public let threads: Int
    /// Seconds of each epoch's optimiser steps; validation and checkpoints are not counted.
    public let seconds: [Double]
    /// Seconds of each repetition of the bare products of an epoch: forward, and both ways back.
    public let productSeconds: [Double]
    /// Multiplications and additions of the linear layers in one epoch, three times those of the way forward.
    public let operations: Double

    /// GFLOP/s.
    public var rate: Double { operations / median(seconds) / 1e9 }
    /// GFLOP/s of the bare products.
    public var productRate: Double { operations / median(productSeconds) / 1e9 }
    public var share: Double { rate / productRate }
  }

  private let configuration: ModelConfiguration
  private let recipe: TrainingRecipe
  private let bundle: FeatureBundle
  private let threads: Int
  private let epochs: Int

  /// - Parameters:
  ///   - bundle: labelled dialogues for the configuration.
  ///   - epochs: to measure; one more is run first.
  public init(
    _ configuration: ModelConfiguration, recipe: TrainingRecipe, bundle: FeatureBundle, threads: Int, epochs: Int
  ) {
    self.configuration = configuration
    self.recipe = recipe
    self.bundle = bundle
    self.threads = threads
    self.epochs = epochs
  }

  /// Trains and multiplies in turn, so that both meet the same machine.
  public func run() throws -> Result {
    Processor.useOneThreadPerProduct()
    let run = try EpochTiming(configuration, recipe: recipe, bundle: bundle, threads: threads)
    let shapes = ProductShapes(configuration)
    let products = TrainingProductBenchmark(shapes: shapes, pieces: run.pieceRows)
    var (seconds, productSeconds): ([Double], [Double]) = ([], [])
    for epoch in 0...epochs {
      let trained = try measured { try run.epoch(epoch) }
      let multiplied = try measured { try products.run(threads: threads) }
      guard epoch > 0 else { continue }
      seconds.append(trained)
      productSeconds.append(multiplied)
    }
    return Result(
      dialogues: bundle.dialogues.count, utterances: bundle.utterances.count, threads: threads, seconds: seconds,
      productSeconds: productSeconds, operations: 3 * shapes.operationsPerRow * Double(bundle.utterances.count))
  }
}

/// The bare matrix products of one epoch: for each layer y = x W, dx = dy Wᵀ and dW = xᵀ dy.
private struct TrainingProductBenchmark: Sendable {
  private let shapes: ProductShapes
  private let pieces: [Int]
  private let weights: [ProductShapes.Shape: Matrix]
  private let rows: [Int: Matrix]

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

  /// Each piece and branch is one task, as in training.
  func run(threads: Int) throws {
    let pool = BufferPool()
    _ = try Parallel.map(count: pieces.count * shapes.branches.count, threads: threads) { task in
      let count = pieces[task / shapes.branches.count]
      for shape in shapes.branches[task % shapes.branches.count] {
        guard let x = rows[shape.inner], let dy = rows[shape.outer], let weight = weights[shape] else { continue }
        x.multiplyForwardAndBack(count, by: weight, gradient: dy, pool: pool)
      }
    }
  }
}
