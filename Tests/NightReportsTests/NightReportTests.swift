import AmbqConfiguration
import DialogueDomain
import EvaluationStatistics
import Foundation
import Testing

@testable import NightReports

/// A plan small enough for tests: three levels, two seeds.
func smallPlan() throws -> ProbePlan {
  try ProbePlan(levels: [0, 0.3, 0.7], seeds: [1, 2], missingRates: [0, 0.5])
}

struct NightReportTests {
  private func night(_ change: (inout SimulatedNight) -> Void = { _ in }) throws -> SimulatedNight {
    var night = SimulatedNight(bundles: 2, dialogues: 3, turns: 5)
    night.probes.plan = try smallPlan()
    change(&night)
    return night
  }

  private func sources(
    _ data: NightData, previous: NightData = NightData(), limits: AmbdConfiguration.Report = .init(),
    earlier: [[String: [Int]]] = []
  ) -> NightSources {
    NightSources(
      period: SimulatedNight.period(), night: data, previous: previous, earlier: earlier, limits: limits,
      configurationDigest: "0", version: "test")
  }

  @Test func theSameSourcesGiveTheSameBytes() throws {
    let (first, second) = (NightReport(sources(try night().data)), NightReport(sources(try night().data)))
    #expect(try first.json() == second.json())
    #expect(first.page.html == second.page.html)
    #expect(first.page.markdown == second.page.markdown)
    #expect(first.page.text() == second.page.text())
  }

  @Test func twoHalfNightsMakeTheNight() throws {
    let whole = try night { $0.bundles = 4 }.data
    var half = whole
    half.probes = []
    // The statistics of the later bundles first: order must not matter.
    for number in [3, 1, 2, 0] {
      let single = try night { $0.bundles = 4 }
      let digest = String(repeating: String(format: "%02x", number + 16), count: 32)
      half.add(single.probes.statistics(digest: digest, dialogues: 3, turns: 5, seed: 1000 + UInt64(number)))
    }
    #expect(half.probes == whole.probes)
    #expect(try NightReport(sources(half)).json() == NightReport(sources(whole)).json())
  }

  @Test func aReportComesBackFromItsJSON() throws {
    let report = NightReport(sources(try night().data))
    let read = try NightReport(json: report.json(), named: "x.json")
    #expect(try read.json() == report.json())
    #expect(read.models.first?.probes.first?.noise?.curves.count == 4)
  }

  @Test func transcriptsInAnUnknownLanguageAreNamed() throws {
    var data = try night().data
    data.scorings[0].unknownWords = 0.01
    data.scorings[1].unknownWords = 0.9
    data.scorings[1].title = "chat.vtt"
    let report = NightReport(sources(data))
    #expect(report.unknownWords.map(\.bundle) == ["chat.vtt"] && report.unknownWords[0].share == 0.9)
    #expect(report.page.text().contains("1 transcript may be in a language that the encoder does not know"))
    data.scorings[1].unknownWords = nil
    #expect(!NightReport(sources(data)).page.text().contains("HEALTH OF THE WORDS"))
  }

  @Test(arguments: ["{}", "nonsense", "{\"format\": \"ambq-report\", \"version\": 99}"])
  func whatIsNoReportIsRefused(text: String) {
    let error = #expect(throws: ReportError.self) { try NightReport(json: Data(text.utf8), named: "x.json") }
    #expect(error?.explanation.location == "x.json")
  }

  @Test func noiseFiguresAreThoseOfTheCounts() throws {
    let data = try night().data
    let statistics = try #require(data.probes.first)
    let noise = try #require(NightReport(sources(data)).models.first?.probes.first?.noise)
    let runs = [0, 1].compactMap { statistics.noise(.all, level: 2, seed: $0) }
    let curve = try #require(noise.curves.first)
    #expect(curve.flips.map(\.value)[0] == 0)
    #expect(curve.flips[2].value == (runs[0].clean.flipRate + runs[1].clean.flipRate) / 2)
    #expect(curve.weightedF1?[2] == (runs[0].truth.weightedF1 + runs[1].truth.weightedF1) / 2)
    #expect(curve.weightedF1?[0] == statistics.clean.truth.weightedF1)
    let expected = RobustnessCurve(levels: [0, 0.3, 0.7], scores: curve.weightedF1 ?? [])
    #expect(curve.relativeRobustness == expected.relativeRobustness)
    #expect(curve.relativeLoss?.map(\.level) == [0.3, 0.7])
    #expect(curve.relativeLoss?.last?.loss == expected.relativeLoss(at: 0.7))
    // The band lies around the pooled figure, which is the mean over seeds of equal size.
    for band in curve.flips.dropFirst() { #expect(band.lower < band.value && band.value < band.upper) }
    #expect(curve.effectiveRobustness == nil)
  }

  @Test func aBaselineGivesEffectiveRobustnessAndCorruptionError() throws {
    let weak = NightReport(sources(try night { $0.probes.strengths = [.text: 1, .visual: 0.5, .audio: 0.5] }.data))
    var strong = sources(try night().data)
    strong.baseline = weak.models.first?.probes.first?.noise
    let curve = try #require(NightReport(strong).models.first?.probes.first?.noise?.curves.first)
    let base = try #require(weak.models.first?.probes.first?.noise?.curves.first)
    let expected = RobustnessCurve(levels: [0, 0.3, 0.7], scores: curve.weightedF1 ?? [])
      .effectiveRobustness(against: RobustnessCurve(levels: [0, 0.3, 0.7], scores: base.weightedF1 ?? []))
    #expect(curve.effectiveRobustness == expected && expected != nil)
    #expect(try #require(curve.corruptionError) < 1)
    var itself = sources(try night().data)
    itself.baseline = NightReport(itself).models.first?.probes.first?.noise
    let same = try #require(NightReport(itself).models.first?.probes.first?.noise?.curves.first)
    #expect(try #require(same.effectiveRobustness).magnitude < 1e-12)
    #expect(same.corruptionError == 1)
  }

  @Test func sensitivityNamesTheRightSubsets() throws {
    let data = try night().data
    let statistics = try #require(data.probes.first)
    let text = try #require(NightReport(sources(data)).models.first?.probes.first?.sensitivity.first)
    #expect(text.modality == .text)
    // Subsets in order: t, v, tv, a, ta, va, tva.
    #expect(text.agreementAlone == 1 - statistics.subsets[0].clean.flipRate)
    #expect(text.flipsWithout == statistics.subsets[5].clean.flipRate)
    #expect(text.weightedF1Alone == statistics.subsets[0].truth.weightedF1)
  }

  @Test func theGuardOfTheMissingTableSeesAFalseRateZero() throws {
    var data = try night().data
    #expect(NightReport(sources(data)).models[0].probes[0].missing?.rateZeroEqualsClean == true)
    var cells = data.probes[0].dropped.cells
    cells[0].clean.add(truth: 0, predicted: 1)
    data.probes[0].dropped = ConditionTable(cells)
    let report = NightReport(sources(data))
    #expect(report.models[0].probes[0].missing?.rateZeroEqualsClean == false)
    #expect(report.page.text().contains("do not trust this table"))
  }

  @Test func statisticsOfDifferentShapesHaveSectionsOfTheirOwnLargestFirst() throws {
    let otherPlan = try ProbePlan(levels: [0, 0.5], seeds: [1])
    var data = try night { $0.bundles = 1 }.data
    let other = try night {
      $0.bundles = 2
      $0.seed = 5
      $0.modelName = "other"
      $0.probes.modelDigest = String(repeating: "6f", count: 32)
      $0.probes.plan = otherPlan
    }.data
    data.scorings += other.scorings
    for statistics in other.probes { data.add(statistics) }
    let report = NightReport(sources(data))
    #expect(report.models.map(\.name) == ["other", "meld-minilm"])
    #expect(report.models.map(\.probes.count) == [1, 1])
    let owners = report.page.sections.compactMap(\.belongsTo)
    #expect(owners.contains { $0.contains("other") } && owners.contains { $0.contains("meld-minilm") })
    #expect(report.page.html.contains("Figures of different models do not add up"))
  }

  @Test func twoPlansOfOneModelDoNotAddUpEither() throws {
    let otherPlan = try ProbePlan(levels: [0, 0.5], seeds: [1])
    var data = try night { $0.bundles = 2 }.data
    let later = try night {
      $0.bundles = 1
      $0.seed = 5
      $0.probes.plan = otherPlan
    }.data
    data.scorings += later.scorings
    for statistics in later.probes { data.add(statistics) }
    let report = NightReport(sources(data))
    #expect(report.models.count == 1)
    #expect(report.models[0].probes.map(\.bundles) == [2, 1])
    #expect(report.page.sections.compactMap(\.belongsTo).contains { $0.hasPrefix("probe plan 2 of 2") })
  }

  @Test func driftIsMeasuredFromTrainingAndFromTheWeekOfTheSameModel() throws {
    let data = try night().data
    let digest = try #require(data.scorings.first?.modelDigest)
    let counts = NightReport(sources(data)).models[0].counts
    let same = NightReport(sources(data, earlier: [[digest: counts], ["another": [1, 2, 3]]])).models[0].drift
    #expect(same.week == 0)
    #expect(same.weekNights == 1)
    // The eighth night back belongs to the night before only.
    let far = NightReport(
      sources(data, earlier: [[String: [Int]]](repeating: [:], count: 7) + [[digest: counts]])
    ).models[0].drift
    #expect(far.week == nil && far.weekNights == 0)
    #expect(same.training == DistributionDistance.jensenShannon(counts, data.scorings[0].trainingLabels ?? []))
  }

  @Test func hoursAreThoseOfTheZoneAndARepeatedOneSaysSo() throws {
    var data = try night { $0.bundles = 3 }.data
    // The clocks of Berlin show 02:30 twice on 25 October 2026.
    let times = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"]
    for (index, time) in times.enumerated() { data.scorings[index].scored = try Date(time, strategy: .iso8601) }
    var sources = sources(data)
    sources.period = ReportPeriod(
      date: "2026-10-26", start: try Date("2026-10-25T00:00:00Z", strategy: .iso8601),
      end: try Date("2026-10-26T01:00:00Z", strategy: .iso8601), timeZone: "Europe/Berlin")
    let report = NightReport(sources)
    #expect(report.emotions.stretches.count == 3)
    let text = report.page.text()
    #expect(text.contains("02:00 again"))
    #expect(text.contains("03:00"))
  }

  @Test func aLongPeriodIsCutIntoDays() throws {
    var sources = sources(try night().data)
    sources.period = SimulatedNight.period(days: 7)
    #expect(NightReport(sources).emotions.stretch == "day")
  }
}
