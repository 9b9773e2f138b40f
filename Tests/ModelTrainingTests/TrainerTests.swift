import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import OperatingSystem
import Tensors
import TestFolders
import Testing

@testable import ModelTraining

/// Whole trainings of a small network.
@Suite struct TrainerTests {
  private static func train(
    _ recipe: TrainingRecipe = SmallDialogues.recipe, seed: UInt64 = 1, threads: Int = 2
  ) throws -> TrainedNetwork {
    let folder = try TemporaryFolder()
    let outcome = try SmallDialogues.trainer(recipe, seed: seed, threads: threads).run(folder: folder.url)
    guard case .finished(let trained) = outcome else { throw CancellationError() }
    return trained
  }

  private static func weights(_ trained: TrainedNetwork) -> [[Float]] {
    trained.parameters.all.map(\.value.values)
  }

  @Test func aSmallNetworkLearns() throws {
    var recipe = SmallDialogues.recipe
    recipe.epochs = 12
    let trained = try Self.train(recipe)
    let evaluation = try #require(TrainedModel([trained]).evaluation)
    #expect(evaluation.accuracy > 0.75)
    #expect(trained.record.epochs.count == 12)
    let best = try #require(trained.record.best)
    #expect(best.weightedF1 == trained.record.epochs.compactMap(\.weightedF1).max())
    #expect(best.weightedF1 == evaluation.weightedF1)
  }

  @Test func theSameSeedGivesTheSameBytesOnAnyNumberOfThreads() throws {
    let one = Self.weights(try Self.train(threads: 1))
    #expect(Self.weights(try Self.train(threads: 3)) == one)
    #expect(Self.weights(try Self.train(seed: 2)) != one)
  }

  @Test func aStoppedTrainingResumesToTheSameBytes() throws {
    var recipe = SmallDialogues.recipe
    recipe.averageDecay = 0.9
    recipe.schedule = .cosine
    let whole = try Self.train(recipe)
    let folder = try TemporaryFolder()
    let trainer = try SmallDialogues.trainer(recipe)
    var asked = 0
    let stopped = try trainer.run(
      folder: folder.url,
      isStopped: {
        // In the middle of the second epoch, which has four steps.
        asked += 1
        return asked > 6
      })
    guard case .stopped(epoch: 1) = stopped else {
      Issue.record("stopped within the second epoch, found \(stopped)")
      return
    }
    guard case .finished(let resumed) = try trainer.run(folder: folder.url, isResumed: true) else {
      Issue.record("a resumed training finishes")
      return
    }
    #expect(Self.weights(resumed) == Self.weights(whole))
    #expect(resumed.configuration == whole.configuration)
    #expect(resumed.record == whole.record)
  }

  @Test func aResumedTrainingMustBeTheSameTraining() throws {
    let folder = try TemporaryFolder()
    _ = try SmallDialogues.trainer().run(folder: folder.url, isStopped: { true })
    var other = SmallDialogues.recipe
    other.learningRate = 1e-4
    let error = try #require(throws: TrainingError.self) {
      _ = try SmallDialogues.trainer(other).run(folder: folder.url, isResumed: true)
    }
    #expect(error.description.contains("not the same learning_rate; found 0.003; expected 0.0001"))
    #expect(throws: TrainingError.self) {
      _ = try SmallDialogues.trainer(seed: 9).run(folder: folder.url, isResumed: true)
    }
    let empty = try TemporaryFolder()
    let missing = try #require(throws: TrainingError.self) {
      _ = try SmallDialogues.trainer().run(folder: empty.url, isResumed: true)
    }
    #expect(missing.description.contains("there is no checkpoint to resume from"))
  }

  @Test func divergenceNamesStepAndPlaceAndKeepsTheCheckpoint() throws {
    // A first epoch goes well; then a weight is spoilt, as a gradient without bound would.
    let spoilt = try SmallDialogues.trainer()
    let other = try TemporaryFolder()
    var steps = 0
    _ = try spoilt.run(
      folder: other.url,
      isStopped: {
        steps += 1
        return steps > 5
      })
    try Self.spoil("weight/acouf_input.weight", in: other.url)
    let error = try #require(throws: TrainingError.self) { _ = try spoilt.run(folder: other.url, isResumed: true) }
    #expect(
      error.description
        == "training diverged at step 5 in epoch 2; found a number that is not finite in tensor acouf_input.weight. "
        + "The checkpoint after epoch 1 is kept; try a lower learning_rate.")
    #expect(FileManager.default.fileExists(atPath: other.url.appendingPathComponent("checkpoint.json").path))
  }

  /// Puts a not-a-number into one tensor of a checkpoint.
  private static func spoil(_ tensor: String, in folder: URL) throws {
    let url = folder.appendingPathComponent("state-1.safetensors")
    let file = try SafetensorsFile(url)
    let tensors = try file.entries.keys.sorted().map { name in
      var values = try #require(file.floats(name))
      if name == tensor { values[3] = .nan }
      return NamedTensor(name: name, shape: try #require(file.entries[name]).shape, values: values)
    }
    try SafetensorsWriter.write(tensors, to: url)
  }

  @Test func anUnwritableFolderIsToldAtOnce() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("file")
    try Data().write(to: file)
    let error = try #require(throws: StorageError.self) {
      _ = try SmallDialogues.trainer().run(folder: file.appendingPathComponent("checkpoint"))
    }
    #expect(error.description.contains(file.path))
  }

  @Test func anEarlierCheckpointIsNotOverwritten() throws {
    let folder = try TemporaryFolder()
    let trainer = try SmallDialogues.trainer()
    _ = try trainer.run(folder: folder.url, isStopped: { true })
    let before = try Data(contentsOf: folder.url.appendingPathComponent("checkpoint.json"))
    let error = try #require(throws: TrainingError.self) { _ = try trainer.run(folder: folder.url) }
    #expect(error.description.contains("there is a checkpoint of an earlier training"))
    #expect(try Data(contentsOf: folder.url.appendingPathComponent("checkpoint.json")) == before)
    _ = try trainer.run(folder: folder.url, isReplacing: true, isStopped: { true })
  }

  @Test func aDamagedCheckpointIsRefused() throws {
    let folder = try TemporaryFolder()
    let trainer = try SmallDialogues.trainer()
    _ = try trainer.run(folder: folder.url, isStopped: { true })
    try Data("{}".utf8).write(to: folder.url.appendingPathComponent("checkpoint.json"))
    let error = try #require(throws: TrainingError.self) {
      _ = try trainer.run(folder: folder.url, isResumed: true)
    }
    #expect(error.description.contains("the checkpoint cannot be read"))
  }

  @Test func theWrittenModelScoresAsTheTrainedOneDoes() throws {
    let folder = try TemporaryFolder()
    let trained = TrainedModel([try Self.train()])
    try trained.write(to: folder.url, command: "ambtrain train --data small.h5 --out small")
    let read = try Model(directory: folder.url)
    let data = try SmallDialogues.data(dialogues: 10, seed: 5)
    let evaluation = try Evaluation(read, data, threads: 1)
    #expect(evaluation.confusion == trained.evaluation?.confusion)
    #expect(read.configuration.temperature == trained.configuration.temperature)
    #expect(abs((read.configuration.modalities[.text]?.noiseDeviation ?? 0) - 1) < 1e-3)
    let card = try String(contentsOf: folder.url.appendingPathComponent("MODEL_CARD.md"), encoding: .utf8)
    for part in ["ambtrain train --data small.h5", "Article 5(1)(f)", "| learning_rate | 0.003 |", "held-out"] {
      #expect(card.contains(part))
    }
    let metrics = try String(contentsOf: folder.url.appendingPathComponent("metrics.jsonl"), encoding: .utf8)
    let lines = metrics.split(separator: "\n")
    // Three epochs of four steps, and a line for each epoch.
    #expect(lines.count == 15)
    #expect(
      lines[0].contains("\"performance\":{") && lines[0].contains("\"withholding\":{")
        && lines[4].hasPrefix("{\"epoch\":{"))
    let page = try String(contentsOf: folder.url.appendingPathComponent("curves.html"), encoding: .utf8)
    #expect(page.contains("Probability of being left out, q, %") && !page.contains("<script"))
  }

  @Test func whatToKnowOfATrainingIsSaid() throws {
    var recipe = SmallDialogues.recipe
    (recipe.epochs, recipe.isBalanced, recipe.balancingWarmUp) = (2, true, 60)
    let network = try Self.train(recipe)
    let trained = TrainedModel([network])
    let best = try #require(network.record.best?.epoch)
    #expect(
      trained.advice.contains("The best epoch is the last of \(best): more epochs may do better.") == (best == 2))
    #expect(
      trained.advice.contains {
        $0 == "Balancing starts after epoch 60: epoch \(best), which was chosen, was trained without it."
      })
    let utterances = try #require(trained.evaluation).comparison.utterances
    #expect((trained.temperatureFit == nil) == (utterances < TemperatureFit.leastRows))
    #expect(trained.advice.contains { $0.hasPrefix("\(utterances) labelled utterances") } == (utterances < 50))
    recipe.isBalanced = false
    #expect(!TrainedModel([try Self.train(recipe)]).advice.contains { $0.hasPrefix("Balancing") })
  }

  @Test func aTrainingThatNoLongerImprovesEndsAndResumesAsEnded() throws {
    var recipe = SmallDialogues.recipe
    (recipe.epochs, recipe.patience, recipe.learningRate) = (40, 2, 0.02)
    let folder = try TemporaryFolder()
    let trainer = try SmallDialogues.trainer(recipe)
    guard case .finished(let network) = try trainer.run(folder: folder.url) else { throw CancellationError() }
    let best = try #require(network.record.best?.epoch)
    #expect(network.record.epochs.count == best + 2)
    guard case .finished(let again) = try trainer.run(folder: folder.url, isResumed: true) else {
      throw CancellationError()
    }
    #expect(again.record == network.record && Self.weights(again) == Self.weights(network))
    recipe.kept = .last
    (recipe.epochs, recipe.learningRate) = (6, 3e-3)
    #expect(try Self.train(recipe).record.epochs.count == 6)
  }

  @Test(arguments: [GraphKind.plain, .none]) func comparisonsWithoutDifferentialGraphsTrain(kind: GraphKind) throws {
    var recipe = SmallDialogues.recipe
    recipe.graphs = kind
    recipe.modalities = [.text]
    recipe.isBalanced = false
    recipe.epochs = 8
    let network = try Self.train(recipe)
    let trained = TrainedModel([network])
    #expect(try #require(trained.evaluation).accuracy > 0.6)
    #expect(!network.parameters.layouts.contains { $0.name.contains("lambda") })
    let folder = try TemporaryFolder()
    try trained.write(to: folder.url)
    #expect(try Model(directory: folder.url).configuration.graphs == kind)
  }
}
