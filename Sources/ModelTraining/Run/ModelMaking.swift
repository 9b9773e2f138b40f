import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import Tensors

/// All the trainings that one model takes: its folds', its members', and that of a network which the set teaches.
///
/// Folds go first. Each trains as many networks as the set has members and leaves its own dialogues out, so that the
/// pooled predictions are those of a set like the final one for dialogues that it has never seen; the final members then
/// learn from all dialogues.
struct ModelMaking: Sendable {
  /// How a call to `run` ended.
  enum Outcome {
    /// The model; and the set that taught it, where there is one.
    case finished(TrainedModel, teacher: TrainedModel?)
    /// Asked to stop in this part's training, after so many whole epochs.
    case stopped(part: String?, epoch: Int)
  }

  /// What its choices follow from.
  let seed: UInt64
  private let members: [Trainer]
  private let folds: [[Trainer]]
  private let training: TrainingData
  private let threads: Int

  /// - Throws: `TrainingError` where data and recipe do not fit.
  init(name: String, split: DialogueSplit, recipe: TrainingRecipe, seed: UInt64, threads: Int) throws {
    self.seed = seed
    self.threads = threads
    training = split.training
    let count = UInt64(recipe.ensemble)
    // Sets of several seeds share no member.
    let seeds = count == 1 ? [seed] : (0..<count).map { seed &* count &+ $0 }
    let first = try Trainer(
      name: name, training: split.training, validation: split.validation, recipe: recipe, seed: seeds[0],
      threads: threads)
    members = seeds.map(first.seeded)
    guard recipe.folds > 1 else {
      folds = []
      return
    }
    var kept = recipe
    kept.kept = .last
    folds = try split.training.folded(recipe.folds, by: recipe.splitUnit, seed: seed).enumerated().map { index, fold in
      try fold.training.requireEveryClass(part: "training data without fold \(index + 1)")
      let trainer = try Trainer(
        name: name, training: fold.training, validation: fold.heldOut, recipe: kept, seed: seeds[0], threads: threads)
      return seeds.map(trainer.seeded)
    }
  }

  /// Trains every part in turn.
  ///
  /// - Parameters:
  ///   - folder: for checkpoints, one folder a part.
  ///   - observe: told each part's events under its name, which is nil where there is only one.
  func run(
    folder: URL, isResumed: Bool, isStopped: () -> Bool, observe: (String?, TrainingEvent) -> Void
  ) throws -> Outcome {
    func train(_ trainer: Trainer, _ part: [String]) throws -> (network: TrainedNetwork?, stop: Outcome) {
      let name = part.isEmpty ? nil : part.joined(separator: ", ")
      let place = part.reduce(folder) { $0.appendingPathComponent($1.replacing(" ", with: "-")) }
      let outcome = try trainer.run(
        folder: place, isResumed: isResumed && Checkpoint.exists(in: place), isStopped: isStopped,
        observe: { observe(name, $0) })
      switch outcome {
      case .finished(let network): return (network, .stopped(part: name, epoch: trainer.recipe.epochs))
      case .stopped(let epoch): return (nil, .stopped(part: name, epoch: epoch))
      }
    }
    func member(_ index: Int) -> [String] { members.count == 1 ? [] : ["member \(index + 1)"] }

    var held: [HeldOut] = []
    for (fold, trainers) in folds.enumerated() {
      var seen: [HeldOut] = []
      for (index, trainer) in trainers.enumerated() {
        let (network, stop) = try train(trainer, ["fold \(fold + 1)"] + member(index))
        guard let network else { return stop }
        if let heldOut = network.heldOut { seen.append(heldOut) }
      }
      if let mean = HeldOut.mean(seen) { held.append(mean) }
    }
    var networks: [TrainedNetwork] = []
    for (index, trainer) in members.enumerated() {
      let (network, stop) = try train(trainer, folds.isEmpty ? member(index) : ["all dialogues"] + member(index))
      guard let network else { return stop }
      networks.append(network)
    }
    let model = TrainedModel(
      networks, heldOut: HeldOut.pooled(held, data: DataSummary(training, digest: networks[0].trainingData.digest)))
    guard model.recipe.isDistilled else { return .finished(model, teacher: nil) }
    let student = members[0].taught(by: try probabilities(model.model))
    let (network, stop) = try train(student, ["taught network"])
    guard let network else { return stop }
    return .finished(TrainedModel([network]), teacher: model)
  }

  /// What the set says of every training utterance, [T · C].
  private func probabilities(_ model: Model) throws -> [Float] {
    let logits = try BranchInference(model, threads: threads).logits(training.bundle)
    return (0..<logits.rows).flatMap { row in
      Softmax(logits.fused(row: row), temperature: model.configuration.temperature).probabilities
    }
  }
}
