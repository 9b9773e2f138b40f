import AMBDSGDN
import DialogueDomain
import Tensors

/// The optimiser steps of a training's epochs.
struct EpochRun {
  private let recipe: TrainingRecipe
  private let seed: UInt64
  private let steps: Int
  private let state: TrainingState
  private let training: TrainingData
  private let teaching: [Float]?
  private let model: Model
  private let step: TrainingStep
  private let threads: Int

  init(
    trainer: Trainer, state: TrainingState, training: TrainingData, teaching: [Float]? = nil,
    standardisation: [Modality: Standardisation], threads: Int
  ) {
    recipe = trainer.recipe
    seed = trainer.seed
    steps = trainer.steps
    self.state = state
    self.training = training
    self.teaching = teaching
    self.threads = threads
    let network = Network(trainer.configuration, state.parameters)
    model = Model(network: network, standardisation: standardisation)
    let loss = TrainingLoss(
      classWeights: recipe.classWeighting.weights(counts: training.classCounts),
      labelSmoothing: recipe.labelSmoothing)
    step = TrainingStep(network, loss: loss, rates: recipe.rates, threads: threads)
  }

  /// Runs the state's next epoch, all its steps.
  ///
  /// - Returns: false where it was stopped between two steps.
  func run(isStopped: () -> Bool, observe: (TrainingEvent) -> Void) throws -> Bool {
    let epoch = state.epoch + 1
    let count = training.bundle.dialogues.count
    let order = DialogueOrder.shuffled(count, key: key("order", UInt64(epoch)))
    for first in stride(from: 0, to: count, by: recipe.batchDialogues) {
      if isStopped() { return false }
      let chosen = Array(order[first..<min(first + recipe.batchDialogues, count)])
      if let record = try run(chosen, epoch: epoch) {
        state.record.steps.append(record)
        observe(.step(record, of: steps))
      }
    }
    if let tensor = firstNotFinite(state.parameters) { throw diverged("tensor \(tensor)", epoch: epoch) }
    return true
  }

  /// One step on some dialogues; nil where none of their utterances has a label.
  private func run(_ dialogues: [Int], epoch: Int) throws -> StepRecord? {
    let batch = try batch(dialogues)
    var dropping = TrainingStep.Dropping.none
    if let balancing = recipe.balancing, epoch > recipe.balancingWarmUp { dropping = .balanced(balancing) }
    let rate =
      recipe.learningRate
      * recipe.schedule.factor(
        step: state.step, steps: steps, warmUp: Int(recipe.scheduleWarmUp * Double(steps)))
    state.step += 1
    guard let result = try step(batch, key: key("step", UInt64(state.step)), dropping: dropping) else {
      return nil
    }
    guard result.loss.total.isFinite else { throw diverged(place(of: batch), epoch: epoch) }
    try state.optimiser.step(
      &state.progress, rate: rate, l2: recipe.l2, threads: threads, gradients: result.gradients)
    state.updateAverage(decay: recipe.averageDecay)
    return StepRecord(
      epoch: epoch, step: state.step, learningRate: rate, loss: result.loss.total, fusionLoss: result.loss.fusion,
      branchLosses: result.loss.branches, performance: result.performance, dropProbabilities: result.probabilities,
      isDropping: result.mask?.isExecuted ?? false)
  }

  private func batch(_ dialogues: [Int]) throws -> TrainingBatch {
    let (bundle, model) = (training.bundle, model)
    let rows = dialogues.map { bundle.dialogues[$0].rows }
    let pieces = TrainingBatch.pieces(lengths: rows.map(\.count))
    let batches = try Parallel.map(count: pieces.count, threads: threads) {
      model.batch(bundle, dialogues: dialogues[pieces[$0]])
    }
    let classes = training.emotions.count
    return TrainingBatch(
      batches, labels: rows.flatMap { bundle.utterances[$0].map(\.label) },
      teaching: teaching.map { all in rows.flatMap { all[$0.lowerBound * classes..<$0.upperBound * classes] } })
  }

  private func key(_ name: String, _ number: UInt64) -> UInt64 {
    CounterBasedRandom.key(seed, CounterBasedRandom.key(named: name), number)
  }

  private func diverged(_ place: String, epoch: Int) -> TrainingError {
    .diverged(epoch: epoch, step: state.step, place: place, checkpoint: state.epoch > 0 ? state.epoch : nil)
  }

  private func firstNotFinite(_ parameters: ParameterSet) -> String? {
    parameters.all.first { $0.value.firstNotFinite != nil }?.name
  }

  /// Where the first number that is not finite arises on the way forward, without dropout.
  private func place(of batch: TrainingBatch) -> String {
    if let tensor = firstNotFinite(state.parameters) { return "tensor \(tensor)" }
    for piece in batch.pieces {
      for branch in model.network.branches {
        guard let features = piece.batch.features[branch.modality] else { continue }
        if features.firstNotFinite != nil { return "the \(branch.modality.rawValue) features" }
        let trace = Trace()
        let run = Computation(trace: trace)
        let encoded = branch.encoded(branch.projection(run.input(features), run), piece.batch, run)
        let logits = branch.logits(encoded, run).value
        for module in BranchModule.allCases {
          if trace.values["\(module.traceName)_\(branch.modality.letter)"]?.firstNotFinite != nil {
            return "the \(branch.modality.rawValue) branch's \(module.rawValue)"
          }
        }
        if logits.firstNotFinite != nil { return "the \(branch.modality.rawValue) branch's head" }
      }
    }
    return "the loss"
  }
}

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
  ///
  /// - Throws: `TrainingError.diverged` where a number is no longer finite.
  public func epoch(_ index: Int) throws {
    state.epoch = index
    _ = try epochs.run(isStopped: { false }, observe: { _ in })
  }
}
