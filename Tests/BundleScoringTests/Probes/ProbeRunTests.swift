import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import SampleModels
import Tensors
import Testing

@testable import BundleScoring

/// Whole bundles through every probe.
@Suite struct ProbeRunTests {
  private func plan(_ probes: Set<ProbePlan.Probe> = Set(ProbePlan.Probe.allCases)) throws -> ProbePlan {
    try ProbePlan(levels: [0, 0.3, 0.7], seeds: [1, 2], probes: probes)
  }

  @Test func threadsChangeNoByteOfTheStatistics() throws {
    let model = TinyModel.model()
    let bundle = TinyModel.bundle([150, 130, 20], model, missing: [.text: [7, 8], .visual: [8], .audio: [8]])
    let one = try ProbeRun(model, plan: plan(), threads: 1).run(bundle, digest: "d")
    let two = try ProbeRun(model, plan: plan(), threads: 2).run(bundle, digest: "d")
    #expect(try one.statistics.encoded() == two.statistics.encoded())
    #expect(one.stability == two.stability)
    #expect(one.stability[8] == nil && one.stability[7] != nil)
    #expect(one.statistics.unlabelled == 1)
  }

  @Test func theControlsEqualTheCleanRun() throws {
    let model = TinyModel.model()
    let bundle = TinyModel.bundle([30, 12, 1], model, missing: [.visual: [0, 1, 40]])
    let statistics = try ProbeRun(model, plan: plan(), threads: 2).run(bundle, digest: "d").statistics
    let clean = statistics.clean
    #expect(clean.clean.total == 43 && clean.clean.correct == 43)
    // Two thirds of the utterances have a known truth.
    #expect(clean.truth.total == 29)
    #expect(statistics.extremes[0] == clean)
    #expect(statistics.subsets.cells.last == clean)
    #expect(statistics.dropped(rate: 0, seed: 0) == clean && statistics.dropped(rate: 0, seed: 1) == clean)
    #expect(statistics.noise(.all, level: 0) == clean)
    #expect(statistics.grid.kept[0] == 2 * 43)
    #expect(statistics.grid.weightedF1(condition: 0) == clean.truth.weightedF1)
    // The grid's far corner is noise on all modalities.
    let noisiest = try #require(statistics.noise(.all, level: 2))
    #expect(statistics.grid.kept[26] == noisiest.clean.correct)
    // Cell [0, 2, 0] is noise on the visual features alone.
    let visual = try #require(statistics.noise(.only(.visual), level: 2))
    #expect(statistics.grid.kept[6] == visual.clean.correct)
    #expect(noisiest.clean.flipRate > 0, "noise changes labels of a random model")
  }

  @Test func curvesAndStabilityAgreeWithTheCounts() throws {
    let model = TinyModel.model()
    let bundle = TinyModel.bundle([30, 12, 1], model)
    let outcome = try ProbeRun(model, plan: plan(), threads: 2).run(bundle, digest: "d")
    let total = outcome.statistics.curves.ordered.map(\.curve).total()
    let shape = try #require(outcome.statistics.shape)
    var point = 0
    for pattern in shape.patterns {
      for level in 1...2 {
        let counts = try #require(outcome.statistics.noise(pattern, level: level))
        #expect(total.kept[point] == counts.clean.correct && total.correct[point] == counts.truth.correct)
        point += 1
      }
    }
    let kept = (1...2).reduce(0) { $0 + (outcome.statistics.noise(.all, level: $1)?.clean.correct ?? 0) }
    let stable = outcome.stability.reduce(0) { $0 + ($1 ?? 0) * 4 }
    #expect(Int(stable.rounded()) == kept)
  }

  @Test func certaintyIsThatOfScoring() throws {
    let model = TinyModel.model()
    let bundle = TinyModel.bundle([30, 12], model)
    let outcome = try ProbeRun(model, plan: plan(), threads: 2).run(bundle, digest: "d")
    var sum = ExactSum.zero
    for row in 0..<42 {
      let probabilities = Softmax(outcome.logits.fused(row: row), temperature: 1.5).probabilities
      sum.add(Double(probabilities.max() ?? 0))
    }
    let clean = outcome.statistics.certainty[0]
    #expect(clean.confidenceSum == sum && clean.count == 42)
    #expect(clean.calibration.total == 28 && clean.scores.count == 28 && clean.outcomes.riskCoverage.total == 28)
    #expect(outcome.statistics.certainty.cells.map(\.count) == [42, 84, 84])
    // Level 0.7 by way of the branches' logits.
    let cube = try ProbeRun(model, plan: plan(), threads: 2).cube(bundle, digest: "d")
    var noisy = ExactSum.zero
    for seed in 0..<2 {
      for row in 0..<42 {
        let branches = Modality.allCases.compactMap { cube.logits($0, level: 2, seed: seed, row: row) }
        let fused = (0..<4).map { label in branches.reduce(0 as Float) { $0 + $1[label] } }
        noisy.add(Double(Softmax(fused, temperature: 1.5).probabilities.max() ?? 0))
      }
    }
    #expect(outcome.statistics.certainty[2].confidenceSum == noisy)
  }

  @Test func namesMapLabelsToTheModelsClasses() {
    let bundle = FeatureBundle(
      emotions: EmotionSet(["joy", "boredom", "anger"]), dialogues: [],
      utterances: [0, 1, 2, nil].map { Utterance(id: "u", speaker: "s", label: $0) }, features: [:])
    let truth = ReferenceLabels.truth(of: bundle, classes: EmotionSet(["anger", "joy"]), matching: EmotionMatching())
    #expect(truth == [1, -1, 0, -1])
  }

  @Test func aBundleWithoutLabelsHasNoTruth() throws {
    let model = TinyModel.model()
    var bundle = TinyModel.bundle([10], model)
    bundle.emotions = nil
    for row in bundle.utterances.indices { bundle.utterances[row].label = nil }
    let statistics = try ProbeRun(model, plan: plan(), threads: 1).run(bundle, digest: "d").statistics
    #expect(statistics.known == 0 && statistics.clean.clean.total == 10)
    #expect(statistics.grid.weightedF1(condition: 3) == nil)
    #expect(statistics.certainty[0].count == 10 && statistics.certainty[0].calibration.total == 0)
  }

  @Test(arguments: [[Modality.text], [.audio], [.text, .visual]])
  func modelsWithFewerModalitiesAreProbed(modalities: [Modality]) throws {
    let model = TinyModel.model(modalities)
    let statistics = try ProbeRun(model, plan: plan(), threads: 1)
      .run(TinyModel.bundle([9, 2], model), digest: "d").statistics
    let shape = try #require(statistics.shape)
    #expect(shape.patterns.count == (modalities.count == 1 ? 1 : 3))
    #expect(shape.simplex.count == (modalities.count == 1 ? 1 : 11))
    #expect(statistics.grid.conditions == (modalities.count == 1 ? 3 : 9))
    #expect(statistics.subsets.cells.last == statistics.clean)
    // A gap takes a lone modality's label away: 3 of 9 and 1 of 2.
    if modalities.count == 1 { #expect(statistics.gap(modalities[0], seed: 0)?.clean.total == 7) }
    #expect(try ProbeStatistics(encoded: statistics.encoded()) == statistics)
  }

  @Test func oneClassAndOneUtteranceAreProbed() throws {
    let model = TinyModel.model(classes: 1)
    let outcome = try ProbeRun(model, plan: plan(), threads: 1).run(TinyModel.bundle([1], model), digest: "d")
    #expect(outcome.stability == [1])
    #expect(outcome.statistics.clean.clean.cells == [1])
    #expect(outcome.statistics.simplex.kept == [Int](repeating: 1, count: 66))
    #expect(outcome.statistics.certainty[0].meanConfidence == 1)
  }

  @Test func aPlanWithoutNoiseRunsTheModelOnce() throws {
    let model = TinyModel.model()
    let run = ProbeRun(model, plan: try plan([.missing]), threads: 1)
    let bundle = TinyModel.bundle([6], model)
    #expect(try run.cube(bundle, digest: "d").levels == [0])
    let outcome = try run.run(bundle, digest: "d")
    #expect(outcome.stability == [Double?](repeating: nil, count: 6))
    #expect(outcome.statistics.noise.isEmpty && outcome.statistics.extremes.isEmpty)
    #expect(outcome.statistics.certainty.cells.count == 1 && outcome.statistics.curves.bundles.isEmpty)
    #expect(try ProbeStatistics(encoded: outcome.statistics.encoded()) == outcome.statistics)
  }

  @Test func healthCountsInTheUnitsOfTheProjection() throws {
    let model = TinyModel.model([.text, .audio])
    var bundle = TinyModel.bundle([3], model, missing: [.audio: [1]])
    // Text has a deviation of 2 and no standardisation; audio is standardised by 0.25 and 2 first.
    bundle.features[.text]?.values = [Float](repeating: 1, count: 6) + [0, 1, 1, 1, 1, 17] + [0, 0, 1, 1, .nan, 1]
    bundle.features[.text]?.values.replaceSubrange(0..<1, with: [0])
    bundle.features[.audio]?.values = [Float](repeating: 4.25, count: 27)
    let health = FeatureHealthProbe.health(of: bundle, model: model, plausibleDeviations: 8)
    let (text, audio) = (health[0], health[1])
    #expect(text.utterances == 3 && text.missing == 0)
    #expect(text.outOfRange == 1 && text.notFinite == 1 && text.suspect == 2)
    #expect(text.deadColumns == [0])
    #expect(audio.missing == 1 && audio.present == 2 && audio.outOfRange == 0)
    #expect(audio.mean == 1 && audio.rootMeanSquare == 1)
    bundle.features[.audio] = nil
    let without = FeatureHealthProbe.health(of: bundle, model: model, plausibleDeviations: 8)[1]
    #expect(without.missing == 3 && without.deadColumns.isEmpty)
  }
}
