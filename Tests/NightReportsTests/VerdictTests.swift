import AmbqConfiguration
import DialogueDomain
import EvaluationStatistics
import Foundation
import Testing

@testable import NightReports

struct VerdictTests {
  /// Judged by the limits that `set` sets, and no others.
  private func verdict(
    _ data: NightData, previous: NightData = NightData(), _ set: (inout AmbdConfiguration.Report) -> Void = { _ in }
  ) -> Verdict {
    var limits = AmbdConfiguration.Report()
    (limits.mostDrift, limits.mostTrainingDrift, limits.mostFailed, limits.mostUnhealthy) = (1, 1, 1, 1)
    set(&limits)
    return Verdict(
      NightSources(period: SimulatedNight.period(), night: data, previous: previous, limits: limits))
  }

  private func data(isLabelled: Bool = true, dialogues: Int = 2, seed: UInt64 = 1) throws -> NightData {
    var night = SimulatedNight(bundles: 2, dialogues: dialogues, turns: 6, seed: seed)
    night.probes.plan = try smallPlan()
    night.probes.isLabelled = isLabelled
    return night.data
  }

  @Test func withoutLimitsNothingIsChecked() throws {
    let verdict = verdict(try data())
    #expect(verdict.state == .unchecked)
    #expect(verdict.line.contains("set some under [report] in ambd.toml"))
    #expect(verdict.checks.allSatisfy { $0.state == .unset && $0.limit == nil })
    #expect(verdict.broken.isEmpty)
  }

  @Test func eachLimitBreaksOnItsOwnSideOnly() throws {
    let data = try data()
    let figures = HeadlineFigures(data, earlier: [])
    let f1 = try #require(figures.weightedF1)
    #expect(verdict(data) { $0.leastWeightedF1 = f1 }.state == .held)
    #expect(verdict(data) { $0.leastWeightedF1 = f1.nextUp }.state == .broken)
    let flips = try #require(figures.flips)
    #expect(verdict(data) { $0.mostFlips = flips }.state == .held)
    let broken = verdict(data) { $0.mostFlips = flips.nextDown }
    #expect(broken.state == .broken)
    #expect(broken.broken.count == 1)
    #expect(broken.broken[0].contains("report.most_flips") && broken.line.contains(broken.broken[0]))
    let confidence = try #require(figures.confidence)
    #expect(verdict(data) { $0.leastConfidence = confidence.nextUp }.state == .broken)
    let unhealthy = try #require(figures.unhealthy)
    #expect(unhealthy > 0)
    #expect(verdict(data) { $0.mostUnhealthy = unhealthy.nextDown }.state == .broken)
    // Few labels drift by chance alone.
    #expect(figures.trainingDrift == nil)
    let many = try self.data(dialogues: 10)
    let training = try #require(HeadlineFigures(many, earlier: []).trainingDrift)
    #expect(verdict(many) { $0.mostTrainingDrift = training.nextDown }.state == .broken)
  }

  @Test func failuresCountAgainstWhatWasTriedAndThosePutOffDoNot() throws {
    var data = try data()
    data.failures = SimulatedNight.failures
    #expect(HeadlineFigures(data, earlier: []).failed == 1.0 / 3)
    #expect(verdict(data) { $0.mostFailed = 0.3 }.state == .broken)
    #expect(verdict(data).line.hasPrefix("2 bundles scored, 1 failed."))
  }

  @Test func aLimitWithoutAFigureIsNeitherHeldNorBroken() throws {
    let verdict = verdict(try data(isLabelled: false)) { $0.leastWeightedF1 = 0.9 }
    #expect(verdict.state == .unchecked)
    #expect(verdict.checks.first?.state == .unknown)
    #expect(verdict.line.contains("no figure"))
    let mixed = self.verdict(try data(isLabelled: false)) {
      $0.leastWeightedF1 = 0.9
      $0.leastConfidence = 0.01
    }
    #expect(mixed.state == .held)
    #expect(mixed.line.contains("1 could not be checked"))
  }

  @Test func anEmptyNightAndOneWhereAllFailedSaySo() {
    #expect(verdict(NightData()) { $0.leastConfidence = 0.5 }.state == .empty)
    let failed = NightData(failures: [SimulatedNight.failures[0]])
    #expect(verdict(failed).line == "Nothing was scored: every bundle failed.")
    #expect(verdict(failed) { $0.mostFailed = 0.5 }.state == .broken)
    var putOff = failed
    putOff.failures[0].state = .deferred
    #expect(verdict(putOff).line == "Nothing was scored: every bundle was deferred for another try.")
  }

  @Test func failuresStrangeFeaturesAndSilenceAreJudgedWithoutAnySetting() throws {
    func judged(_ night: NightData, previous: NightData = NightData()) -> Verdict {
      Verdict(
        NightSources(
          period: SimulatedNight.period(), night: night, previous: previous, limits: AmbdConfiguration.Report()))
    }
    var failing = try data()
    failing.failures = Array(repeating: SimulatedNight.failures[0], count: 3)
    #expect(judged(failing).broken.contains { $0.contains("bundles that failed: 60.0 %") })
    #expect(judged(try data()).broken.contains { $0.contains("utterances with strange features") })
    let silent = judged(NightData(), previous: try data())
    #expect(
      silent.state == .broken && silent.line == "Nothing arrived in this period; 2 bundles did in the one before.")
    #expect(silent.broken == [silent.line])
  }

  @Test func theNightBeforeStandsBeside() throws {
    let before = try data(seed: 9)
    let verdict = verdict(try data(), previous: before)
    #expect(verdict.checks[0].previous == HeadlineFigures(before, earlier: []).weightedF1)
  }

  @Test func classesOfOneNameAreOneClassWhateverTheModel() throws {
    func scoring(_ names: [String], _ cells: [Int]) throws -> Scoring {
      let emotions = EmotionSet(names)
      return Scoring(
        digest: "a", title: "a", modelName: "m", modelDigest: names.joined(), emotions: emotions, scored: Date(),
        dialogues: 1, utterances: 4, labels: names.map { _ in 2 }, confidenceSum: .zero,
        truth: TruthComparison(
          emotions, confusion: try #require(ConfusionCounts(classes: names.count, cells: cells))))
    }
    let data = NightData(scorings: [
      try scoring(["joy", "fear"], [2, 0, 1, 1]), try scoring(["fear", "joy"], [1, 1, 0, 2]),
    ])
    // joy: 4 right of 4 with 2 more labelled so; fear: 2 right of 4.
    let joy = 2.0 * 4 / (4 + 6)
    let fear = 2.0 * 2 / (4 + 2)
    let figure = try #require(HeadlineFigures(data, earlier: []).weightedF1)
    #expect((figure - (joy + fear) / 2).magnitude < 1e-12)
  }
}
