import AMBDSGDN
import DialogueDomain
import Tensors

/// Epochs of optimiser steps with neither validation nor checkpoints: for measuring what training costs.
public final class EpochTiming {
  private let epochs: EpochRun
  private let state: TrainingState
  /// Rows of each piece of work of one epoch.
  public let pieceRows: [Int]

  /// - Throws: `TrainingError` where data and recipe do not fit.
  public init(
    _ configuration: ModelConfiguration, recipe: TrainingRecipe, bundle: FeatureBundle, threads: Int
  ) throws {
    let data = try TrainingData([TrainingData.Source(name: "the benchmark's data", bundle: bundle)])
    let trainer = try Trainer(
      name: configuration.name, training: data, validation: data, recipe: recipe, seed: 1, threads: threads)
    state = TrainingState(ParameterSet(configuration, seed: 1), averages: recipe.averageDecay > 0)
    epochs = EpochRun(trainer: trainer, state: state, training: data, standardisation: [:], threads: threads)
    let lengths = bundle.dialogues.map(\.rows.count)
    pieceRows = stride(from: 0, to: lengths.count, by: recipe.batchDialogues).flatMap { first in
      let batch = Array(lengths[first..<min(first + recipe.batchDialogues, lengths.count)])
      return TrainingBatch.pieces(lengths: batch).map { batch[$0].reduce(0, +) }
    }
  }

  /// Runs all steps of an epoch.
  public func epoch(_ index: Int) throws {
    state.epoch = index
    _ = try epochs.run(isStopped: { false }, observe: { _ in })
  }
}
