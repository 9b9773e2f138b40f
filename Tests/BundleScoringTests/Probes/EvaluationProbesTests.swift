import EvaluationStatistics
import Testing

@testable import BundleScoring

@Suite struct EvaluationProbesTests {
  @Test func bundlesAddUpInAnyOrderToTheSameStatistics() throws {
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
  }

  @Test func noBundlesGiveStatisticsOfNothing() throws {
    let statistics = try EvaluationProbes(TinyModel.model(), threads: 1).statistics([])
    #expect(statistics.bundles == 0 && statistics.utterances == 0 && statistics.shape != nil)
  }
}
