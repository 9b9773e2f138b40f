import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Testing

@testable import Benchmarking

@Suite struct ProbeBenchmarkTests {
  @Test func everyRepetitionButTheFirstIsCounted() throws {
    let configuration = ModelConfiguration(
      name: "small", emotions: EmotionSet(["a", "b"]), modalities: [.text: ModalityConfiguration(width: 4)],
      hidden: 8, encoderHeads: 2, window: 2, speakers: 2)
    let model = Model(network: Network(configuration, ParameterSet(configuration, seed: 1)))
    let bundle = SyntheticDialogues.bundle([3, 2], for: configuration)
    let plan = try ProbePlan(levels: [0, 0.3], seeds: [1])
    let result = try ProbeBenchmark(model, bundle: bundle, plan: plan, threads: 1, repetitions: 2).run()
    #expect(result.utterances == 5 && result.levels == 2 && result.seeds == 1)
    #expect(result.clean.count == 10 && result.cube.count == 2 && result.arithmetic.count == 2)
    #expect(
      result.passes() > 0 && result.passes(by: \.elapsed) > 0 && (0...1).contains(result.arithmeticShare())
        && result.statisticsBytes > 100)
  }
}
