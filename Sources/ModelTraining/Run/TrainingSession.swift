import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors
import TextEncoder

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
    /// How its held-out dialogues came to be that; nil where nothing was held out.
    public var origin: HeldOut.Origin?
    /// On the held-out dialogues.
    public let heldOut: Evaluation?
    /// On test data that chose nothing.
    public let test: Evaluation?
    /// What the members of a set come to, each alone, on the test data or, without any, on the held-out dialogues.
    public var members: [Evaluation] = []
    /// What the set that taught the model comes to on the same data; nil where there was none.
    public var teacher: Evaluation?
    /// What to know of how it came about, one sentence each.
    public var advice: [String] = []
  }

  /// How a call to `run` ended.
  public enum Outcome: Sendable {
    /// Every seed's model is written.
    case finished([Result])
    /// Asked to stop in this part of the work, which is nil where there is only one, after so many whole epochs.
    case stopped(part: String?, epoch: Int)
  }

  /// What to know of the data before believing figures, one sentence each.
  public let warnings: [String]
  private let models: [ModelMaking]
  private let test: TrainingData?
  private let directory: URL
  private let command: String?
  private let encoder: TunedEncoder?
  private let threads: Int

  /// Checks everything that can be checked before the first step.
  ///
  /// - Parameters:
  ///   - name: of the model; with several seeds each appends `-<seed>`.
  ///   - validation: chooses the epoch; where nil, a share of the data's dialogues, which the first seed draws, or folds.
  ///   - test: touched once, at the end; where the recipe selects on it, it takes validation's place.
  ///   - seeds: one or more, distinct.
  ///   - command: what makes the models, for their cards.
  ///   - encoder: the tuned one that made the data's text features, which the models carry; nil where none was tuned.
  /// - Throws: `TrainingError` where data and recipe do not fit.
  public init(
    name: String, data: TrainingData, validation: TrainingData?, test: TrainingData?, recipe: TrainingRecipe,
    seeds: [UInt64], directory: URL, command: String? = nil, encoder: TunedEncoder? = nil,
    threads: Int = Processor.cores
  ) throws {
    self.encoder = encoder
    let split = try DialogueSplit(data, validation: validation, test: test, recipe: recipe, seed: seeds.first ?? 1)
    models = try seeds.map { seed in
      try ModelMaking(
        name: seeds.count == 1 ? name : "\(name)-\(seed)", split: split, recipe: recipe, seed: seed, threads: threads)
    }
    warnings = split.warnings
    self.test = split.test
    self.directory = directory
    self.command = command
    self.threads = threads
  }

  /// Whether an unfinished training lies in the directory.
  public var hasCheckpoint: Bool { models.map(checkpoint).contains { FileManager.default.fileExists(atPath: $0.path) } }

  /// Trains every seed in turn.
  ///
  /// - Parameters:
  ///   - isResumed: whether to go on from the checkpoints in the directory.
  ///   - isStopped: asked between steps, as after Ctrl-C.
  ///   - observe: told each part's events under its name, which is nil where there is only one.
  /// - Throws: `TrainingError` where an unfinished training would be overwritten, there is none to resume, or training
  ///   diverges; `StorageError` where a file cannot be written. Checkpoints are kept.
  public func run(
    isResumed: Bool = false, isStopped: () -> Bool = { false },
    observe: (_ part: String?, TrainingEvent) -> Void = { _, _ in }
  ) throws -> Outcome {
    let unfinished = models.map(checkpoint).filter { FileManager.default.fileExists(atPath: $0.path) }
    if isResumed, unfinished.isEmpty { throw TrainingError.checkpointMissing(folder: directory.path) }
    if !isResumed, let folder = unfinished.first { throw TrainingError.checkpointExists(folder: folder.path) }
    var results: [Result] = []
    for model in models {
      func name(_ part: String?) -> String? {
        let parts = (models.count == 1 ? [] : ["seed \(model.seed)"]) + (part.map { [$0] } ?? [])
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
      }
      let outcome = try model.run(
        folder: checkpoint(model), isResumed: isResumed, isStopped: isStopped,
        observe: { observe(name($0), $1) })
      switch outcome {
      case .stopped(let part, let epoch): return .stopped(part: name(part), epoch: epoch)
      case .finished(let trained, let teacher): results.append(try write(trained, teacher: teacher, seed: model.seed))
      }
    }
    for model in models { try? FileManager.default.removeItem(at: checkpoint(model)) }
    return .finished(results)
  }

  private func write(_ trained: TrainedModel, teacher: TrainedModel?, seed: UInt64) throws -> Result {
    func onTest(_ model: Model) throws -> Evaluation? {
      try test.map { try Evaluation(model, $0, threads: threads) }
    }
    let measured = try onTest(trained.model)
    let directory = directory(of: seed)
    try trained.write(
      to: directory, command: command, test: test.flatMap { data in measured.map { (data, $0) } }, teacher: teacher,
      encoder: encoder)
    var members: [Evaluation] = []
    let set = teacher ?? trained
    if set.networks.count > 1 {
      members = test == nil ? set.memberEvaluations : try set.networks.compactMap { try onTest($0.model) }
    }
    return Result(
      seed: seed, directory: directory, origin: trained.heldOut?.origin, heldOut: trained.evaluation, test: measured,
      members: members, teacher: try teacher.flatMap { test == nil ? $0.evaluation : try onTest($0.model) },
      advice: trained.advice)
  }

  private func directory(of seed: UInt64) -> URL {
    models.count == 1 ? directory : directory.appendingPathComponent("seed-\(seed)")
  }

  private func checkpoint(_ model: ModelMaking) -> URL {
    directory(of: model.seed).appendingPathComponent("checkpoint")
  }
}
