import DialogueDomain
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
        let fingerprint = FileDigest.sha256(Data("\(trainer.fingerprint) \(evaluatedDigest) \(plan.lengths)".utf8))
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
            let figures = result.figures[0]
            observe(
              .finished(
                arm: arm.name, seed: trainer.seed, accuracy: figures.accuracy, weightedF1: figures.weightedF1,
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
    SeedResult(
      arm: arm.name, seed: trained.seed, fingerprint: fingerprint, bestEpoch: trained.record.best?.epoch ?? 0,
      figures: try plan.lengths.map { shortest in
        let data = split.evaluated.dialogues(ofAtLeast: shortest)
        return SeedResult.Figures(shortest, try Evaluation(trained.model, data, threads: threads))
      })
  }
}

extension SeedResult.Figures {
  init(_ shortest: Int, _ evaluation: Evaluation) {
    self.init(
      shortest: shortest, accuracy: evaluation.accuracy, weightedF1: evaluation.weightedF1,
      macroF1: evaluation.macroF1)
  }
}

extension TrainingData {
  /// Only the dialogues of at least so many utterances.
  func dialogues(ofAtLeast count: Int) -> TrainingData {
    selecting(bundle.dialogues.indices.filter { bundle.dialogues[$0].rows.count >= count })
  }
}

/// What one training of an experiment came to, as it is kept in a file once it has finished.
struct SeedResult: Codable, Sendable {
  /// The figures on the evaluated dialogues of at least a given length.
  struct Figures: Codable, Sendable {
    let shortest: Int
    let accuracy: Double
    let weightedF1: Double
    let macroF1: Double

    enum CodingKeys: String, CodingKey {
      case shortest, accuracy
      case weightedF1 = "weighted_f1"
      case macroF1 = "macro_f1"
    }
  }

  var format = "amb-dsgdn-experiment-result"
  var version = 1
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
