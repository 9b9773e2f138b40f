import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import SampleModels
import Testing

@testable import BundleScoring

@Suite struct BundleProberTests {
  private func probe(
    _ bundle: FeatureBundle, plan: ProbePlan = .standard, threads: Int = 1
  ) throws -> (scored: ScoredBundle, statistics: ProbeStatistics) {
    let probed = try BundleProber(SmallModel.model, threads: threads).probe(
      bundle, name: "friday.h5", digest: "bundle digest", plan: plan)
    return (probed.scored, try ProbeStatistics(encoded: probed.statistics))
  }

  /// What is scored, with a stability of nil in each row.
  private func unprobed(_ scored: ScoredBundle) -> [ScoredUtterance] {
    scored.utterances.map { row in
      var row = row
      row.stability = nil
      return row
    }
  }

  @Test(arguments: [
    SmallModel.bundle([3, 1, 5]), SmallModel.bundle([1]), SmallModel.bundle([260, 2]),
    SmallModel.bundle([4], modalities: [.audio: 4]), SmallModel.bundle([6], missing: [.text: [1, 2], .audio: [2]]),
  ])
  func apartFromTheStabilityAProbeGivesWhatScoringGives(bundle: FeatureBundle) throws {
    let scored = try BundleScorer(SmallModel.model, threads: 1).score(
      bundle, name: "friday.h5", digest: "bundle digest")
    let probed = try probe(bundle)
    let isEqual = unprobed(probed.scored) == scored.utterances
    #expect(isEqual)
    #expect(probed.statistics.utterances == bundle.utterances.count && probed.statistics.bundles == 1)
    for row in probed.scored.utterances {
      #expect((row.stability == nil) == (row.emotion == ScoredUtterance.unknownEmotion))
    }
    // Rate 0, each seed, is the clean run.
    for seed in 0..<5 { #expect(probed.statistics.dropped(rate: 0, seed: seed) == probed.statistics.clean) }
  }

  /// Draws go by rows and names of the whole bundle, and what is counted adds up.
  @Test func whatThePartsOfABundleGiveIsWhatItGivesWhole() throws {
    let bundle = SmallModel.bundle([3, 1, 5, 4], missing: [.text: [0, 1, 2, 5], .audio: [5]])
    let prober = BundleProber(SmallModel.model, threads: 1)
    let plan = ProbePlan.standard
    let whole = try prober.probe(bundle, name: "friday.h5", digest: "bundle digest", plan: plan)
    let outline = BundleOutline(bundle)
    for cuts in [[0..<1, 1..<4], [0..<1, 1..<2, 2..<3, 3..<4]] {
      var rest = cuts[...]
      let parts = NamedBundle(outline, name: "friday.h5", digest: "bundle digest") {
        rest.popFirst().map { dialogues in
          let rows = outline.rows(of: dialogues)
          return outline.part(dialogues, features: bundle.features.mapValues { $0.rows(rows) })
        }
      }
      let probed = try prober.probe(parts, plan: plan)
      let isEqual = probed.scored.utterances == whole.scored.utterances
      #expect(isEqual)
      #expect(probed.statistics == whole.statistics)
    }
  }

  @Test func anUtteranceWithoutAnyModalityCountsAsUnlabelledOnly() throws {
    let probed = try probe(SmallModel.bundle([6], missing: [.text: [1, 2], .audio: [2]]))
    #expect(probed.scored.utterances[2].stability == nil && probed.statistics.unlabelled == 1)
    #expect(probed.statistics.clean.clean.total == 5)
  }

  @Test func aBundleWithoutLabelsHasCountsAgainstTheCleanRunOnly() throws {
    var bundle = SmallModel.bundle([4, 4])
    bundle.emotions = nil
    for row in bundle.utterances.indices { bundle.utterances[row].label = nil }
    let statistics = try probe(bundle).statistics
    #expect(statistics.known == 0 && statistics.noise(.all, level: 7)?.truth.total == 0)
    #expect(statistics.noise(.all, level: 7)?.clean.total == 40)
  }

  @Test func withoutTheNoiseProbeThereIsNoStability() throws {
    let probed = try probe(SmallModel.bundle([4]), plan: ProbePlan(probes: [.imbalance, .missing]))
    #expect(probed.scored.utterances.allSatisfy { $0.stability == nil })
    #expect(!probed.statistics.extremes.isEmpty)
  }

  @Test func theNumberOfThreadsChangesNothing() throws {
    let bundle = SmallModel.bundle([200, 90, 3, 150, 41])
    let plan = try ProbePlan(levels: [0, 0.5], seeds: [1, 2])
    let (one, four) = (try probe(bundle, plan: plan), try probe(bundle, plan: plan, threads: 4))
    let isEqual = one.scored.utterances == four.scored.utterances && one.statistics == four.statistics
    #expect(isEqual)
  }

  @Test func featuresThatAreNotTheModelsAreRefused() throws {
    #expect(throws: FeatureMismatch.self) { try probe(SmallModel.bundle([4], modalities: [.text: 5, .audio: 4])) }
  }
}
