import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import Tensors

/// Trains one network on one seed: epochs, validation, checkpoints.
///
/// Equal data, recipe and seed give equal bytes, whatever the number of threads and however often the training was
/// interrupted and resumed.
///
/// ```swift
/// let data = try TrainingData(joining: [.init(name: "monday.h5", bundle: monday), .init(name: "friday.h5", bundle: friday)])
/// let parts = try data.split(validationShare: 0.1, seed: 1)
/// var recipe = TrainingRecipe(.meld)
/// recipe.hidden = 128
/// let trainer = try Trainer(
///   name: "mine", training: parts.training, validation: parts.validation, recipe: recipe, seed: 1)
/// if case .finished(let network) = try trainer.run(folder: checkpoints) {
///   let trained = TrainedModel([network])
///   print(trained.evaluation?.weightedF1 ?? 0)
///   try trained.write(to: modelDirectory)
/// }
/// ```
public struct Trainer: Sendable {
  /// How a call to `run` ended.
  public enum Outcome: Sendable {
    /// All epochs are done.
    case finished(TrainedNetwork)
    /// Asked to stop; the checkpoint after this many epochs can be resumed.
    case stopped(epoch: Int)
  }

  /// What the network is trained by.
  public let recipe: TrainingRecipe
  /// The network.
  public let configuration: ModelConfiguration
  /// What all random choices follow from.
  public private(set) var seed: UInt64
  private let training: TrainingData
  private let validation: TrainingData?
  /// Probabilities to learn from beside the labels, [T · C].
  private var teaching: [Float]?
  private let standardisation: [Modality: Standardisation]
  private var identity: Checkpoint.Identity
  private let threads: Int

  /// Checks the data against the recipe.
  ///
  /// - Parameters:
  ///   - name: of the model.
  ///   - validation: chooses the epoch; its classes are matched by name. Nil keeps the last epoch and measures nothing.
  /// - Throws: `TrainingError` where a class has no training rows, a width differs or the recipe does not fit.
  public init(
    name: String, training: TrainingData, validation: TrainingData?, recipe: TrainingRecipe, seed: UInt64,
    threads: Int = Processor.cores
  ) throws {
    let chosen = recipe.modalities ?? training.bundle.features.keys.sorted()
    if let validation {
      let joined = try TrainingData([
        TrainingData.Source(name: "the training data", bundle: training.bundle),
        TrainingData.Source(name: "the validation data", bundle: validation.bundle),
      ])
      let count = training.bundle.dialogues.count
      self.training = joined.selecting(Array(0..<count)).keeping(chosen)
      var held = joined.selecting(Array(count..<joined.bundle.dialogues.count)).keeping(chosen).bundle
      held.dataset = validation.bundle.dataset
      self.validation = TrainingData(bundle: held, emotions: joined.emotions)
    } else {
      self.training = training.keeping(chosen)
      self.validation = nil
    }
    try self.training.requireEveryClass(part: "training data")
    guard self.validation?.labels.contains(where: { $0 != nil }) != false else {
      throw TrainingError.noLabels(source: "the validation data")
    }
    var modalities: [Modality: ModalityConfiguration] = [:]
    var standardisation: [Modality: Standardisation] = [:]
    for modality in chosen {
      guard let table = self.training.bundle.features[modality], table.missing.contains(false) else {
        throw TrainingError.missingModality(modality, found: training.bundle.features.keys.sorted())
      }
      if recipe.standardises { standardisation[modality] = FeatureStatistics.standardisation(table) }
      modalities[modality] = ModalityConfiguration(
        width: table.width, extractor: self.training.bundle.extractors[modality],
        noiseDeviation: FeatureStatistics.overallDeviation(table, standardisation[modality]))
    }
    configuration = try recipe.configuration(
      name: name, emotions: self.training.emotions, modalities: modalities)
    self.standardisation = standardisation
    self.recipe = recipe
    self.seed = seed
    self.threads = threads
    identity = Checkpoint.Identity(
      trainingDigest: self.training.digest, validationDigest: self.validation?.digest ?? "none", seed: seed,
      recipe: recipe.values)
  }

  /// The same training on another seed.
  public func seeded(_ seed: UInt64) -> Trainer {
    var trainer = self
    trainer.seed = seed
    trainer.identity.seed = seed
    return trainer
  }

  /// The same training of a network that learns from a set's probabilities beside the labels.
  ///
  /// - Parameter probabilities: [T · C], of every utterance of the training data.
  func taught(by probabilities: [Float]) -> Trainer {
    var trainer = self
    trainer.teaching = probabilities
    trainer.identity.teachingDigest = probabilities.withUnsafeBytes { FileDigest.sha256($0) }
    return trainer
  }

  /// SHA-256 over data, recipe and seed: equal for trainings that give the same model.
  public var fingerprint: String { identity.fingerprint }

  /// Whether a folder holds a checkpoint, of whatever training.
  public static func hasCheckpoint(in folder: URL) -> Bool { Checkpoint.exists(in: folder) }

  /// Optimiser steps of the whole training.
  public var steps: Int { recipe.steps(dialogues: training.bundle.dialogues.count) }

  /// Trains from the start or from the last checkpoint, and writes a checkpoint after each epoch.
  ///
  /// - Parameters:
  ///   - folder: for checkpoints.
  ///   - isResumed: whether to go on from the checkpoint there.
  ///   - isReplacing: whether a training from the start may overwrite a checkpoint there.
  ///   - isStopped: asked between steps, as after Ctrl-C.
  /// - Throws: `TrainingError.checkpointExists` rather than overwrite one, `.diverged` naming step and layer, `StorageError`
  ///   where a checkpoint cannot be written; the last good checkpoint is kept in either case.
  public func run(
    folder: URL, isResumed: Bool = false, isReplacing: Bool = false, isStopped: () -> Bool = { false },
    observe: (TrainingEvent) -> Void = { _ in }
  ) throws -> Outcome {
    Processor.useOneThreadPerProduct()
    let checkpoint = Checkpoint(folder: folder, identity: identity)
    let state = TrainingState(ParameterSet(configuration, seed: seed), averages: recipe.averageDecay > 0)
    if isResumed {
      try checkpoint.read(into: state)
      observe(.resumed(epoch: state.epoch))
    } else {
      guard isReplacing || !checkpoint.exists else { throw TrainingError.checkpointExists(folder: folder.path) }
      // Shows at once whether the folder can be written.
      try checkpoint.write(state)
    }
    let epochs = EpochRun(
      trainer: self, state: state, training: training, teaching: teaching, standardisation: standardisation,
      threads: threads)
    while state.epoch < lastEpoch(state.record) {
      guard try epochs.run(isStopped: isStopped, observe: observe) else { return .stopped(epoch: state.epoch) }
      let evaluation = try heldOut(state.validated)?.evaluation(configuration.emotions, temperature: 1)
      let losses = state.record.steps.filter { $0.epoch == state.epoch + 1 }.map(\.loss)
      let isBest =
        switch evaluation {
        case .some(let evaluation) where recipe.kept == .best:
          evaluation.weightedF1 > state.record.best?.weightedF1 ?? -1
        default: true
        }
      let record = EpochRecord(
        epoch: state.epoch + 1, loss: losses.reduce(0, +) / Double(max(losses.count, 1)),
        accuracy: evaluation?.accuracy, weightedF1: evaluation?.weightedF1, macroF1: evaluation?.macroF1,
        validationLoss: evaluation?.scores.negativeLogLikelihood, isBest: isBest)
      state.record.epochs.append(record)
      state.epoch += 1
      if record.isBest { state.keepBest() }
      try checkpoint.write(state)
      observe(.epoch(record, of: lastEpoch(state.record)))
    }
    return .finished(
      TrainedNetwork(
        configuration: configuration, parameters: state.best, standardisation: standardisation, recipe: recipe,
        seed: seed, trainingData: DataSummary(training, digest: identity.trainingDigest), record: state.record,
        heldOut: try heldOut(state.best)))
  }

  /// The epoch that ends the training, as far as is known: the recipe's last, or the one in which its patience runs out.
  private func lastEpoch(_ record: TrainingRecord) -> Int {
    guard recipe.patience > 0, recipe.kept == .best, validation != nil, let best = record.best?.epoch,
      record.epochs.count >= best + recipe.patience
    else { return recipe.epochs }
    return min(recipe.epochs, record.epochs.count)
  }

  /// The validation dialogues with the logits that parameters give them.
  private func heldOut(_ parameters: ParameterSet) throws -> HeldOut? {
    guard let validation else { return nil }
    let model = Model(network: Network(configuration, parameters), standardisation: standardisation)
    return HeldOut(
      validation, digest: identity.validationDigest,
      logits: try BranchInference(model, threads: threads).logits(validation.bundle).fused,
      origin: recipe.selectsOnTest ? .test : .validation)
  }
}

extension TrainingData {
  /// The same dialogues with only some of their modalities.
  public func keeping(_ modalities: [Modality]) -> TrainingData {
    var kept = bundle
    kept.features = kept.features.filter { modalities.contains($0.key) }
    kept.extractors = kept.extractors.filter { modalities.contains($0.key) }
    return TrainingData(bundle: kept, emotions: emotions)
  }
}
