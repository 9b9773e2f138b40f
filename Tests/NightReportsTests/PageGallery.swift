import AmbqConfiguration
import DialogueDomain
import EvaluationStatistics
import Foundation
import ResultIndex
import Testing

@testable import NightReports

/// Writes a page of each kind of night, to be looked at.
///
/// `REPORT_PAGES=folder swift test --filter PageGallery`
struct PageGallery {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["REPORT_PAGES"] != nil, "only where REPORT_PAGES is set"))
  func pages() throws {
    let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["REPORT_PAGES"] ?? ".")
    for (name, sources) in try Self.nights() {
      let report = NightReport(sources)
      try Data(report.page.html.utf8).write(to: folder.appendingPathComponent("\(name).html"))
      try Data(report.page.markdown.utf8).write(to: folder.appendingPathComponent("\(name).md"))
      try Data(report.page.text(width: 100).utf8).write(to: folder.appendingPathComponent("\(name).txt"))
      try report.json().write(to: folder.appendingPathComponent("\(name).json"))
    }
  }

  static func nights() throws -> [(name: String, sources: NightSources)] {
    let period = SimulatedNight.period()
    var limits = AmbdConfiguration.Report()
    limits.leastWeightedF1 = 0.5
    limits.mostFlips = 0.2
    limits.mostFailed = 0.5
    let weeks = [[[4000, 900, 200, 600, 1500, 200, 1000], [], [900, 100, 30, 60, 170, 20, 90]], [[]]]
      .map { $0.map { [String(repeating: "5e", count: 32): $0] } }[0]

    var labelled = SimulatedNight(bundles: 6).data
    labelled.failures = SimulatedNight.failures
    labelled.scorings[2].probing = .pending
    var unlabelledNight = SimulatedNight(bundles: 5)
    unlabelledNight.probes.isLabelled = false
    unlabelledNight.trainingLabels = nil
    var twoModalities = SimulatedNight(bundles: 3)
    twoModalities.probes.strengths = [.text: 2, .audio: 1]
    var oneClass = SimulatedNight(bundles: 1)
    oneClass.probes.emotions = EmotionSet(["neutral"])
    oneClass.probes.weights = [1]
    oneClass.trainingLabels = [10]
    var oneBundle = SimulatedNight(bundles: 1, dialogues: 1, turns: 3)
    oneBundle.probes.isLabelled = false
    var pending = SimulatedNight(bundles: 3).data
    pending.probes = []
    for index in pending.scorings.indices { pending.scorings[index].probing = .pending }
    var failed = NightData()
    failed.failures = [SimulatedNight.failures[0]]
    var mixed = SimulatedNight(bundles: 3).data
    var other = SimulatedNight(modelName: "iemocap", bundles: 2, seed: 7)
    other.probes.modelDigest = String(repeating: "6f", count: 32)
    other.probes.emotions = EmotionSet(["happiness", "sadness", "neutral", "anger", "excitement", "frustration"])
    other.probes.weights = [1, 2, 3, 2, 1, 3]
    other.probes.plan = try ProbePlan(levels: [0, 0.5], seeds: [1])
    other.trainingLabels = nil
    mixed.scorings += other.data.scorings
    for statistics in other.data.probes { mixed.add(statistics) }

    var crowded = labelled
    crowded.speakers = (0..<40).map {
      SpeakerLabels(speaker: "Participant \($0)", counts: ["joy": 40 - $0, "anger": $0])
    }
    crowded.failures += (0..<12).map { number in
      FailureRecord(
        name: "recording-of-the-evening-\(number).h5", digest: nil, time: SimulatedNight.start,
        explanation: Explanation(
          .data, "reason number \(number)", found: "something", expected: "something else",
          remedy: "Do this, then that, and put the file into incoming again."))
    }
    for place in crowded.conversations.indices {
      let turn = crowded.conversations[place].turns[0]
      crowded.conversations[place].turns = (0..<200).map { number in
        var turn = turn
        (turn.turn, turn.emotion) = (number, "anger")
        turn.text = String(repeating: "It goes on and on, without end. ", count: 20)
        return turn
      }
    }

    func sources(_ night: NightData, previous: NightData = NightData()) -> NightSources {
      NightSources(
        period: period, night: night, previous: previous, earlier: weeks, limits: limits,
        configurationDigest: "0123456789abcdef", version: "0.1.0")
    }
    return [
      ("labelled", sources(labelled, previous: SimulatedNight(bundles: 2, seed: 3).data)),
      ("unlabelled", sources(unlabelledNight.data)), ("two-modalities", sources(twoModalities.data)),
      ("one-class", sources(oneClass.data)), ("one-bundle", sources(oneBundle.data)), ("pending", sources(pending)),
      ("all-failed", sources(failed)), ("empty", sources(NightData())), ("two-models", sources(mixed)),
      ("crowded", sources(crowded)),
    ]
  }
}
