import AMBDSGDN
import DialogueDomain
import Foundation
import ModelTraining
import Testing
import TextEncoder

@testable import Benchmarking

@Suite struct RateTests {
  @Test func anEpochIsMeasuredBesideItsProducts() throws {
    let configuration = ModelConfiguration(
      name: "small", emotions: EmotionSet(["a", "b"]), modalities: [.text: ModalityConfiguration(width: 5)],
      hidden: 16, window: 2, speakers: 2)
    var recipe = TrainingRecipe(.iemocap)
    recipe.hidden = 16
    recipe.window = 2
    recipe.batchDialogues = 2
    let bundle = SyntheticDialogues.bundle([3, 4, 5], for: configuration)
    let result = try TrainingBenchmark(configuration, recipe: recipe, bundle: bundle, threads: 2, epochs: 2).run()
    #expect(result.utterances == 12 && result.seconds.count == 2 && result.productSeconds.map(\.count) == [2])
    // Forward: the projection, ten layers of 16 × 16 as two graphs have them, and the head; three times that in training.
    let weights = 5 * 16 + 10 * 256 + 16 * 2
    #expect(result.operations == Double(3 * 12 * 2 * weights))
    #expect(result.rate > 0 && result.share > 0)
  }

  @Test func aScoringIsMeasuredBesideItsProductsInTwoWays() throws {
    let configuration = ModelConfiguration(
      name: "small", emotions: EmotionSet(["a", "b"]), modalities: [.text: ModalityConfiguration(width: 5)],
      hidden: 16, window: 2, speakers: 2)
    let model = Model(network: Network(configuration, ParameterSet(configuration, seed: 1)))
    let bundle = SyntheticDialogues.bundle([3, 4, 5], for: configuration)
    let result = try ScoringBenchmark(model, bundle: bundle, threads: 2, repetitions: 3).run()
    #expect(result.dialogues == 3 && result.utterances == 12 && result.threads == 2)
    #expect(result.seconds.count == 3 && result.productSeconds.map(\.count) == [3, 3])
    #expect(result.operations == Double(12 * 2 * (5 * 16 + 10 * 256 + 16 * 2)))
  }

  @Test func anEncodersProductsAreThoseOfItsLayers() {
    let shapes = ProductShapes(
      EncoderConfiguration(vocabulary: 9, hidden: 4, layers: 2, heads: 1, intermediate: 12, positions: 8))
    let layer: Double = 4 * 16 + 2 * 48
    #expect(shapes.operationsPerRow == 2 * 2 * layer)
  }

  @Test func ratesFollowFromMediansAndTheBetterWayOfMultiplying() {
    let result = RateResult(
      dialogues: 1, utterances: 4, threads: 1, seconds: [9, 2, 1],
      productSeconds: [[1, 1, 8], [0.5, 3, 4]], operations: 4e9)
    #expect(result.rate == 2 && result.productRate == 4 && result.share == 0.5 && result.utterancesPerSecond == 2)
  }

  @Test func aRateIsRecordedBesideTheProducts() throws {
    let result = RateResult(
      dialogues: 1, utterances: 4, threads: 1, seconds: [9, 2, 1], productSeconds: [[1, 1, 8], [0.5, 3, 4]],
      operations: 4e9)
    let record = result.record("scoring", work: "scoring", network: "small", aim: 0.4)
    #expect(record.figures.prefix(4).map(\.median) == [2, 2, 2, 50])
    #expect(record.figures[0].limit == .init("bare products", 1) && record.figures[3].keepsAim == true)
  }

  @Test func aWorkFolderIsGoneAfterwards() throws {
    let folder = try withWorkFolder { folder in
      #expect(FileManager.default.fileExists(atPath: folder.path))
      return folder
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}
