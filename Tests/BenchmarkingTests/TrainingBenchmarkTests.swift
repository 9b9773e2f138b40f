import AMBDSGDN
import DialogueDomain
import ModelTraining
import Testing

@testable import Benchmarking

@Suite struct TrainingBenchmarkTests {
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
    #expect(result.utterances == 12 && result.seconds.count == 2 && result.productSeconds.count == 2)
    // Forward: the projection, ten layers of 16 × 16 as two graphs have them, and the head; three times that in training.
    let weights = 5 * 16 + 10 * 256 + 16 * 2
    #expect(result.operations == Double(3 * 12 * 2 * weights))
    #expect(result.rate > 0 && result.share > 0)
  }
}
