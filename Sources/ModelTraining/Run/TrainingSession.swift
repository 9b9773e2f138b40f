import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors

/// Trains one or several models on the same data, one a seed, and writes each model's directory.
///
/// One seed's model takes the session's directory; several lie in `seed-<n>` within it. Checkpoints lie in `checkpoint`
/// beside each model until all are finished, so that a session resumes as a whole.
public struct TrainingSession: Sendable {
  /// One finished model.
  public struct Result: Sendable {
    /// The seed it was trained with.
    public let seed: UInt64
    /// The model directory that was written.
    public let directory: URL
    /// On the dialogues that chose the epoch.
    public let validation: Evaluation
    /// On test data that chose nothing.
    public let test: Evaluation?
    /// What to know of how it came about, one sentence each.
    public var advice: [String] = []
  }

  /// How a call to `run` ended.
  public enum Outcome: Sendable {
    /// Every seed's model is written.
    case finished([Result])
    /// Asked to stop in this seed's training, after so many whole epochs.
    case stopped(seed: UInt64, epoch: Int)
  }

  /// What to know of the data before believing figures, one sentence each.
  public let warnings: [String]
  private let trainers: [Trainer]
  private let test: TrainingData?
  private let directory: URL
  private let command: String?
  private let threads: Int

  /// Checks everything that can be checked before the first step.
  ///
  /// - Parameters:
  ///   - name: of the model; with several seeds each appends `-<seed>`.
  ///   - validation: chooses the epoch; where nil, a share of the data's dialogues, which the first seed draws.
  ///   - test: touched once, at the end; where the recipe selects on it, it takes validation's place.
  ///   - seeds: one or more, distinct.
  ///   - command: what makes the models, for their cards.
  /// - Throws: `TrainingError` where data and recipe do not fit.
  public init(
    name: String, data: TrainingData, validation: TrainingData?, test: TrainingData?, recipe: TrainingRecipe,
    seeds: [UInt64], directory: URL, command: String? = nil, threads: Int = Processor.cores
  ) throws {
    let split = try DialogueSplit(data, validation: validation, test: test, recipe: recipe, seed: seeds.first ?? 1)
    trainers = try seeds.map { seed in
      try Trainer(
        name: seeds.count == 1 ? name : "\(name)-\(seed)", training: split.training, validation: split.validation,
        recipe: recipe, seed: seed, threads: threads)
    }
    warnings = split.warnings
    self.test = split.test
    self.directory = directory
    self.command = command
    self.threads = threads
  }

  /// Trains every seed in turn.
  ///
  /// - Parameters:
  ///   - isResumed: whether to go on from the checkpoints in the directory.
  ///   - isStopped: asked between steps, as after Ctrl-C.
  ///   - observe: told each seed's events.
  /// - Throws: `TrainingError` where an unfinished training would be overwritten, there is none to resume, or training
  ///   diverges; `StorageError` where a file cannot be written. Checkpoints are kept.
  public func run(
    isResumed: Bool = false, isStopped: () -> Bool = { false },
    observe: (_ seed: UInt64, TrainingEvent) -> Void = { _, _ in }
  ) throws -> Outcome {
    let unfinished = trainers.map(checkpoint).filter(Checkpoint.exists)
    if isResumed, unfinished.isEmpty { throw TrainingError.checkpointMissing(folder: directory.path) }
    if !isResumed, let folder = unfinished.first { throw TrainingError.checkpointExists(folder: folder.path) }
    var results: [Result] = []
    for trainer in trainers {
      let folder = checkpoint(trainer)
      let outcome = try trainer.run(
        folder: folder, isResumed: isResumed && Checkpoint.exists(in: folder), isStopped: isStopped,
        observe: { observe(trainer.seed, $0) })
      switch outcome {
      case .stopped(let epoch): return .stopped(seed: trainer.seed, epoch: epoch)
      case .finished(let trained): results.append(try write(trained))
      }
    }
    for trainer in trainers { try? FileManager.default.removeItem(at: checkpoint(trainer)) }
    return .finished(results)
  }

  private func write(_ trained: TrainedModel) throws -> Result {
    let measured = try test.map { (data: $0, evaluation: try Evaluation(trained.model, $0, threads: threads)) }
    let directory = directory(of: trained.seed)
    try trained.write(to: directory, command: command, test: measured)
    return Result(
      seed: trained.seed, directory: directory, validation: trained.evaluation, test: measured?.evaluation,
      advice: trained.advice)
  }

  private func directory(of seed: UInt64) -> URL {
    trainers.count == 1 ? directory : directory.appendingPathComponent("seed-\(seed)")
  }

  private func checkpoint(_ trainer: Trainer) -> URL {
    directory(of: trainer.seed).appendingPathComponent("checkpoint")
  }
}
