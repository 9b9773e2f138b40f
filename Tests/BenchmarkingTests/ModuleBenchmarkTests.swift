import AMBDSGDN
import DialogueDomain
import ModelTraining
import Testing

@testable import Benchmarking

@Suite struct ModuleBenchmarkTests {
  private let configuration = ModelConfiguration(
    name: "small", emotions: EmotionSet(["a", "b"]),
    modalities: [.text: ModalityConfiguration(width: 5), .audio: ModalityConfiguration(width: 4)], hidden: 16,
    encoderHeads: 2, window: 2, speakers: 2)

  @Test func everyModuleOfEveryBranchIsMeasured() throws {
    let network = Network(configuration, ParameterSet(configuration, seed: 1))
    let benchmark = ModuleBenchmark(
      Model(network: network), bundle: SyntheticDialogues.bundle([3, 4, 5], for: configuration), rates: .none,
      repetitions: 2)
    var last = (done: 0, total: 0)
    let rows = try #require(benchmark.run(observe: { last = ($0, $1) }))
    #expect(
      rows.filter { $0.modality == .text }.map(\.module) == [
        .projection, .interSpeakerGraph, .intraSpeakerGraph, .head,
      ])
    #expect(rows.filter { $0.modality == .audio }.map(\.module) == BranchModule.allCases)
    #expect(rows.allSatisfy { $0.forward.count == 2 && $0.training.count == 2 })
    #expect(last == (3, 3))
    // What is shared by the branches is the speaker embedding.
    #expect(rows.reduce(0) { $0 + $1.parameters } + 3 * 16 == configuration.parameterCount)
    #expect(benchmark.run(isStopped: { true }) == nil)
  }

  @Test func epochsAndScoringsAreCountedWithoutTheFirst() throws {
    var recipe = TrainingRecipe(.meld)
    recipe.hidden = 16
    recipe.encoderHeads = 2
    let bundle = SyntheticDialogues.bundle([3, 4, 5], for: configuration)
    let result = try RunTimeBenchmark(configuration, recipe: recipe, bundle: bundle, threads: 1).run(
      rounds: 2, isWarmedUp: true)
    #expect(result.utterances == 12 && result.epochs.count == 2 && result.scorings.count == 2)
  }

  @Test func meldsTrainingSetHasItsPublishedSize() {
    #expect(SyntheticDialogues.meldTraining.count == 1038)
    #expect(SyntheticDialogues.meldTraining.reduce(0, +) == 9989)
  }
}
