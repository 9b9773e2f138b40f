import DialogueDomain
import EvaluationStatistics
import Foundation
import ModelTraining
import OperatingSystem

/// What a running experiment tells whoever watches.
public enum ExperimentEvent: Sendable {
  /// A training begins, or is taken up after so many of its steps.
  case began(arm: String, seed: UInt64)
  /// So many steps of the whole experiment are done.
  case steps(done: Int, of: Int)
  /// A training is done, the `number`-th of `of`.
  case finished(arm: String, seed: UInt64, accuracy: Double, weightedF1: Double, number: Int, of: Int)
  /// A training's result was there already.
  case found(arm: String, seed: UInt64, number: Int, of: Int)
}

/// Trains every arm of a plan on every seed, with the same dialogues, and compares them.
///
/// A finished training leaves a small file; an unfinished one a checkpoint. So an experiment that was interrupted goes on
/// where it was, to the same result.
public struct ExperimentRun: Sendable {
  /// How a call to `run` ended.
  public enum Outcome: Sendable {
    /// Every training is done.
    case finished(Comparison)
    /// Asked to stop in this training, after so many whole epochs.
    case stopped(arm: String, seed: UInt64, epoch: Int)
  }

  private let plan: ExperimentPlan
  private let split: DialogueSplit
  private let seeds: [UInt64]
  private let folder: URL
  private let threads: Int

  /// - Parameters:
  ///   - seeds: the same for every arm, so that differences are paired.
  ///   - folder: for results and checkpoints.
  public init(_ plan: ExperimentPlan, split: DialogueSplit, seeds: [UInt64], folder: URL, threads: Int) {
    self.plan = plan
    self.split = split
    self.seeds = seeds
    self.folder = folder
    self.threads = threads
  }

  /// - Parameters:
  ///   - isResumed: whether to take up what an earlier run left in the folder.
  ///   - isStopped: asked between steps, as after Ctrl-C.
  /// - Throws: `ExperimentError` where results would be overwritten or belong to another run, `TrainingError` where data
  ///   and recipe do not fit or a training diverges, `StorageError` where a file cannot be written.
  public func run(
    isResumed: Bool = false, isStopped: () -> Bool = { false }, observe: (ExperimentEvent) -> Void = { _ in }
  ) throws -> Outcome {
    let isBegun = FileManager.default.fileExists(atPath: folder.path)
    if isBegun, !isResumed { throw ExperimentError.resultsExist(folder: folder.path) }
    if isResumed, !isBegun { throw ExperimentError.nothingToResume(folder: folder.path) }
    let evaluatedDigest = split.evaluated.digest
    let steps = plan.arms.map { $0.recipe.steps(dialogues: split.training.bundle.dialogues.count) }
    let (total, count) = (steps.reduce(0, +) * seeds.count, plan.arms.count * seeds.count)
    var (done, number) = (0, 0)
    var results: [String: [SeedResult]] = [:]
    for (arm, armSteps) in zip(plan.arms, steps) {
      let trainer = try Trainer(
        name: arm.name, training: split.training, validation: split.validation, recipe: arm.recipe, seed: 1,
        threads: threads)
      for trainer in seeds.map(trainer.seeded) {
        let place = folder.appendingPathComponent(arm.folder).appendingPathComponent("seed-\(trainer.seed)")
        let file = place.appendingPathExtension("json")
        let fingerprint = FileDigest.sha256(Data("\(trainer.fingerprint) \(evaluatedDigest) \(plan.conditions)".utf8))
        number += 1
        if FileManager.default.fileExists(atPath: file.path) {
          results[arm.name, default: []].append(try SeedResult.read(file, fingerprint: fingerprint))
          observe(.found(arm: arm.name, seed: trainer.seed, number: number, of: count))
        } else {
          observe(.began(arm: arm.name, seed: trainer.seed))
          let before = done
          let outcome = try train(
            trainer, arm, in: place, isStopped, onStep: { observe(.steps(done: before + $0, of: total)) })
          switch outcome {
          case .stopped(let epoch): return .stopped(arm: arm.name, seed: trainer.seed, epoch: epoch)
          case .finished(let trained):
            let result = try evaluated(trained, arm, fingerprint)
            try result.write(to: file)
            try? FileManager.default.removeItem(at: place)
            results[arm.name, default: []].append(result)
            let confusion = result.figures[0].confusion
            observe(
              .finished(
                arm: arm.name, seed: trainer.seed, accuracy: confusion.accuracy, weightedF1: confusion.weightedF1,
                number: number, of: count))
          }
        }
        done += armSteps
      }
    }
    return .finished(Comparison(plan, seeds: seeds, results: results))
  }

  /// - Throws: `ExperimentError.training` where the training cannot go on.
  private func train(
    _ trainer: Trainer, _ arm: Arm, in place: URL, _ isStopped: () -> Bool, onStep: (Int) -> Void
  ) throws -> Trainer.Outcome {
    do {
      return try trainer.run(
        folder: place, isResumed: Trainer.hasCheckpoint(in: place), isStopped: isStopped,
        observe: { if case .step(let step, _) = $0 { onStep(step.step) } })
    } catch let error as TrainingError {
      throw ExperimentError.training(arm: arm.name, seed: trainer.seed, error.explanation)
    }
  }

  private func evaluated(_ trained: TrainedNetwork, _ arm: Arm, _ fingerprint: String) throws -> SeedResult {
    let conditions = plan.conditions
    let confusions = try EvaluationCondition.confusions(
      conditions, of: trained.model, on: split.evaluated, threads: threads)
    return SeedResult(
      arm: arm.name, seed: trained.seed, fingerprint: fingerprint, bestEpoch: trained.record.best?.epoch ?? 0,
      figures: conditions.compactMap { condition in
        confusions[condition].map { SeedResult.Figures(condition: condition, confusion: $0) }
      })
  }
}

/// What one training of an experiment came to, as it is kept in a file once it has finished.
struct SeedResult: Codable, Sendable {
  /// Labels against the truth under one condition.
  struct Figures: Codable, Sendable {
    let condition: EvaluationCondition
    let confusion: ConfusionCounts
  }

  var format = "amb-dsgdn-experiment-result"
  var version = 2
  let arm: String
  let seed: UInt64
  /// Of data, recipe, seed and what was evaluated: a result of another run is not taken for this one's.
  let fingerprint: String
  let bestEpoch: Int
  let figures: [Figures]

  enum CodingKeys: String, CodingKey {
    case format, version, arm, seed, fingerprint, figures
    case bestEpoch = "best_epoch"
  }

  func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write(try encoder.encode(self), to: url)
  }

  /// - Throws: `ExperimentError` where the file is no result, or one of another run.
  static func read(_ url: URL, fingerprint: String) throws -> SeedResult {
    let json = try MappedFile(url).withBytes { Data($0) }
    guard let result = try? JSONDecoder().decode(SeedResult.self, from: json) else {
      throw ExperimentError.damaged(file: url.path)
    }
    guard result.fingerprint == fingerprint else { throw ExperimentError.otherRun(file: url.path) }
    return result
  }
}
