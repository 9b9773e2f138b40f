import EvaluationStatistics
import SampleModels
import Testing

@testable import BundleScoring

@Suite struct EvaluationProbesTests {
  @Test func bundlesAddUpInAnyOrderToTheSameText() throws {
    let model = TinyModel.model()
    let plan = try ProbePlan(levels: [0, 0.3, 0.7], seeds: [1, 2])
    let bundles = [
      (bundle: TinyModel.bundle([9, 4], model), digest: "a"), (bundle: TinyModel.bundle([12], model), digest: "b"),
    ]
    var done: [Int] = []
    let probes = EvaluationProbes(model, plan: plan, threads: 2)
    let statistics = try probes.statistics(bundles) { done.append($0) }
    #expect(done == [1, 2] && statistics.bundles == 2 && statistics.utterances == 25)
    #expect(try probes.statistics(bundles.reversed()).encoded() == statistics.encoded())
    let text = EvaluationProbes.text(statistics)
    for heading in [
      "Weighted F1 under noise", "Labels changed by noise",
      "Weighted F1 with noise on text (rows) and visual (columns)", "Extreme fusion weights", "Weights 80/10/10",
      "Missing modalities",
    ] {
      #expect(text.contains(heading))
    }
  }

  @Test func noBundlesGiveTablesOfZeros() throws {
    let statistics = try EvaluationProbes(TinyModel.model(), threads: 1).statistics([])
    #expect(statistics.bundles == 0 && EvaluationProbes.text(statistics).contains("(0 utterances)"))
  }
}
