import AMBDSGDN
import DialogueDomain
import ModelTraining
import Tensors

/// Measures epochs of training against the machine's own matrix-product rate, both in one run.
public struct TrainingBenchmark: Sendable {
  private let configuration: ModelConfiguration
  private let recipe: TrainingRecipe
  private let bundle: FeatureBundle
  private let threads: Int
  private let epochs: Int

  /// - Parameters:
  ///   - bundle: labelled dialogues for the configuration.
  ///   - epochs: to count; one more is run first.
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
  ///
  /// An epoch's seconds are those of its optimiser steps, without validation and checkpoints; its products are those of the
  /// way forward and of both ways back.
  ///
  /// - Throws: `TrainingError` where data and recipe do not fit.
  public func run() throws -> RateResult {
    Processor.useOneThreadPerProduct()
    let run = try EpochTiming(configuration, recipe: recipe, bundle: bundle, threads: threads)
    let shapes = ProductShapes(configuration)
    let products = MatrixProducts(shapes: shapes, pieces: run.pieceRows)
    var (seconds, productSeconds): ([Double], [Double]) = ([], [])
    for epoch in 0...epochs {
      let trained = try measured { try run.epoch(epoch) }
      let multiplied = try measured { try products.run(.forwardAndBack, threads: threads) }
      guard epoch > 0 else { continue }
      seconds.append(trained)
      productSeconds.append(multiplied)
    }
    return RateResult(
      dialogues: bundle.dialogues.count, utterances: bundle.utterances.count, threads: threads, seconds: seconds,
      productSeconds: [productSeconds],
      operations: 3 * shapes.operationsPerRow * Double(bundle.utterances.count))
  }
}

/// Measures a network's epochs of training and its scoring of the same dialogues.
public struct RunTimeBenchmark: Sendable {
  /// What was measured.
  public struct Result: Sendable {
    /// Utterances of one epoch.
    public let utterances: Int
    /// Seconds of each epoch's optimiser steps; validation and checkpoints are not counted.
    public let epochs: [Double]
    /// Seconds of each scoring of all utterances.
    public let scorings: [Double]
  }

  private let configuration: ModelConfiguration
  private let recipe: TrainingRecipe
  private let bundle: FeatureBundle
  private let threads: Int

  /// - Parameter bundle: labelled dialogues for the configuration.
  public init(_ configuration: ModelConfiguration, recipe: TrainingRecipe, bundle: FeatureBundle, threads: Int) {
    self.configuration = configuration
    self.recipe = recipe
    self.bundle = bundle
    self.threads = threads
  }

  /// - Parameters:
  ///   - rounds: to count.
  ///   - isWarmedUp: whether one more is run first.
  /// - Throws: `TrainingError` where data and recipe do not fit.
  public func run(rounds: Int, isWarmedUp: Bool) throws -> Result {
    let timing = try EpochTiming(configuration, recipe: recipe, bundle: bundle, threads: threads)
    let network = Network(configuration, ParameterSet(configuration, seed: 1))
    let inference = BranchInference(Model(network: network), threads: threads)
    var (epochs, scorings): ([Double], [Double]) = ([], [])
    for round in (isWarmedUp ? -1 : 0)..<rounds {
      let epoch = try measured { try timing.epoch(round + 1) }
      let scoring = try measured { _ = try inference.logits(bundle) }
      guard round >= 0 else { continue }
      epochs.append(epoch)
      scorings.append(scoring)
    }
    return Result(utterances: bundle.utterances.count, epochs: epochs, scorings: scorings)
  }
}
