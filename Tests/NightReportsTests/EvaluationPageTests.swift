import EvaluationStatistics
import Testing

@testable import NightReports

struct EvaluationPageTests {
  @Test func aLabelledSetHasTheProbesSectionsAndNoVerdict() throws {
    var probes = SimulatedProbes()
    probes.plan = try smallPlan()
    let statistics = probes.statistics(digest: "aa", dialogues: 2, turns: 4, seed: 1)
    let page = ReportPage(evaluationOf: "mine", statistics, titles: ["aa": "talk.h5"])
    #expect(page.verdict == nil)
    #expect(page.sections.first?.title == "Agreement with the truth")
    #expect(page.sections.contains { $0.title == "Noise on several modalities" })
    #expect(page.sections.contains { $0.title == "Unequal fusion weights" })
    #expect(!page.html.contains("class=\"verdict"))
    #expect(page.text().contains("talk.h5"))
    #expect(ReportPage(evaluationOf: "mine", .zero).sections.isEmpty)
  }
}
