import AmbqConfiguration
import DialogueDomain
import EvaluationStatistics
import Foundation
import ResultIndex
import Testing

@testable import NightReports

struct MorningTests {
  private func report(
    _ data: NightData, limits: AmbdConfiguration.Report = .init(), earlier: [[String: [Int]]] = []
  ) -> NightReport {
    NightReport(
      NightSources(period: SimulatedNight.period(), night: data, earlier: earlier, limits: limits, version: "test"))
  }

  private func night(_ change: (inout SimulatedNight) -> Void = { _ in }) throws -> SimulatedNight {
    var night = SimulatedNight(bundles: 2, dialogues: 3, turns: 5)
    night.probes.plan = try smallPlan()
    change(&night)
    return night
  }

  /// The part of a page that a person reads, in text.
  private func opening(_ report: NightReport) -> String {
    var page = report.page
    page.sections = []
    return page.text(width: 400)
  }

  private static let jargon = [
    "σ", "jensen", "divergence", "weighted f1", "macro", "calibration", "brier", "logit", "conformal", "modalit", "ece",
    "probe", "simplex", "quantile", "nll", "drift",
  ]

  @Test func whatAPersonReadsHasNoJargonEvenOnABadNight() throws {
    var limits = AmbdConfiguration.Report()
    (limits.leastWeightedF1, limits.leastConfidence, limits.mostFlips) = (0.99, 0.99, 0.001)
    (limits.mostDrift, limits.mostTrainingDrift, limits.mostFailed) = (0.001, 0.001, 0.001)
    limits.mostUnhealthy = 0.0001
    var data = try night { $0.bundles = 8 }.data
    data.failures = SimulatedNight.failures
    data.scorings[0].unknownWords = 0.9
    data.scorings[1].unknown = 3
    data.scorings[2].probing = .pending
    let digest = String(repeating: "5e", count: 32)
    let report = report(data, limits: limits, earlier: [[digest: [10, 900, 10, 10, 10, 10, 10]]])
    #expect((report.morning?.unusual.count ?? 0) >= 8)
    let text = opening(report).lowercased()
    // Whole words, or beginnings of words: "piece" holds "ece".
    for word in Self.jargon {
      let found = text.ranges(of: word).contains { range in
        range.lowerBound == text.startIndex || !text[text.index(before: range.lowerBound)].isLetter
      }
      #expect(!found, "\(word)")
    }
    // The verdict's own line stays what it was, for programs and for the analyst.
    #expect(report.verdict.line.contains("report.least_weighted_f1"))
    #expect(report.page.text(width: 400).contains(report.verdict.broken[0].prefix(20).dropFirst()))
  }

  @Test func emotionsAreNamedWithThoseWhoFeltThem() throws {
    var data = NightData(scorings: try night().data.scorings)
    data.speakers = [
      SpeakerLabels(speaker: "Ann", counts: ["joy": 3, "neutral": 50]),
      SpeakerLabels(speaker: "Bob", counts: ["joy": 7, "anger": 12]),
    ]
    let names = ["neutral", "anger", "joy", "fear", "unknown"]
    var figures = report(data).emotions
    (figures.names, figures.counts) = (names, [50, 12, 10, 0, 4])
    let felt = FeltEmotion.all(figures, data.speakers)
    #expect(felt.map(\.emotion) == ["anger", "joy", "neutral"])
    #expect(felt[1].speakers.map(\.name) == ["Bob", "Ann"] && felt[1].speakers.map(\.utterances) == [7, 3])
    #expect((felt.reduce(0) { $0 + $1.share } - 1).magnitude < 1e-12)
    let bob = FeltSpeaker(EmotionFigures.Speaker(name: "Bob", counts: [0, 12, 7, 0, 2]), names)
    #expect(bob.utterances == 19 && bob.feltUtterances == 19 && bob.felt.map(\.emotion) == ["anger", "joy"])
  }

  @Test func surenessIsSaidInWordsAndRightnessOnlyWhereTheTruthIsKnown() throws {
    var data = try night().data
    data.sureness = SurenessCounts(sure: 50, fairly: 30, unsure: 20)
    let known = try #require(report(data).morning?.sureness)
    #expect(known.line.contains("sure of 50 % of its labels, fairly sure of 30 % and unsure of 20 %"))
    #expect(known.line.contains("of the labels were right") && known.judged == 30)
    data = try night { $0.probes.isLabelled = false }.data
    data.sureness = SurenessCounts(sure: 1)
    for index in data.scorings.indices { data.scorings[index].truth = .zero }
    #expect(report(data).morning?.sureness?.line.contains("is not known") == true)
    #expect(report(NightData()).morning?.sureness == nil)
  }

  @Test func failuresOfOneReasonAreOneItemWithItsRemedy() {
    let explanation = Explanation(
      .data, "the feature width is not the model's", at: "x.h5: /text", found: "100", expected: "384",
      remedy: "Extract again.")
    func record(_ number: Int) -> FailureRecord {
      var explanation = explanation
      explanation.location = "b\(number).h5: /text"
      return FailureRecord(
        name: "b\(number).h5", digest: nil, time: SimulatedNight.start, explanation: explanation)
    }
    let records = SimulatedNight.failures.reversed() + (0..<9).map(record)
    let groups = FailureGroup.all(records)
    #expect(groups.map(\.state) == [.failed, .failed, .settled])
    #expect(groups[0].count == 9 && groups[0].bundles.count == 5 && groups[0].names.hasSuffix("b4.h5 and 4 more"))
    #expect(groups[0].what == "/text: the feature width is not the model's; found 100; expected 384")
    #expect(groups[0].remedy == "Extract again.")
    #expect(groups[2].remedy.contains("nothing to do"))
  }

  @Test func everyFailureSaysHowToMendIt() {
    for (kind, state) in [
      (Explanation.Kind.data, FailureRecord.State.failed), (.io, .failed), (.io, .deferred), (.missingInput, .failed),
    ] {
      let record = FailureRecord(
        name: "a.h5", digest: nil, state: state, time: SimulatedNight.start, explanation: Explanation(kind, "bad"))
      #expect(FailureGroup.all([record]).allSatisfy { !$0.remedy.isEmpty })
    }
  }

  @Test func anEmotionThatJumpedIsUnusualAndChanceIsNot() throws {
    var model = try #require(report(try night().data).models.first)
    func shifts(_ counts: [Int], _ week: [Int]) -> [String] {
      model.counts = counts
      model.drift.weekCounts = week
      return UnusualFigure.shifts(model).map(\.line)
    }
    let jumped = shifts([400, 50, 50, 50, 50, 50, 350], [4000, 500, 500, 500, 500, 500, 500])
    #expect(
      jumped.contains { $0.hasPrefix("anger was given more often than in the nights before (4.9 times as often)") })
    #expect(shifts([400, 50, 50, 50, 50, 50, 50], [4000, 500, 500, 500, 500, 500, 500]).isEmpty)
    // Too few labels, and a step that chance can take.
    #expect(shifts([40, 5, 5, 5, 5, 5, 34], [4000, 500, 500, 500, 500, 500, 500]).isEmpty)
    #expect(shifts([80, 8, 8, 8, 8, 8, 14], [80, 8, 8, 8, 8, 8, 8]).isEmpty)
  }

  @Test func theSameFiguresStandInEveryForm() throws {
    var data = try night().data
    data.failures = SimulatedNight.failures
    let report = report(data)
    let morning = try #require(report.morning)
    let read = try NightReport(json: report.json(), named: "x.json")
    #expect(read.morning == morning)
    for text in [report.page.text(width: 2000), report.page.markdown, report.page.html.replacing("&nbsp;", with: " ")] {
      let headline = try #require(text.range(of: morning.headline))
      let conversations = try #require(text.range(of: "conversations to open", options: .caseInsensitive))
      let failed = try #require(text.range(of: "and how to mend it", options: .caseInsensitive))
      let rest = failed.upperBound..<text.endIndex
      let unusual = try #require(text.range(of: "what is unusual", options: .caseInsensitive, range: rest))
      let analyst = try #require(text.range(of: ReportPage.analystTitle, options: .caseInsensitive))
      let order = [headline, conversations, failed, unusual, analyst].map(\.lowerBound)
      #expect(order == order.sorted())
      for conversation in morning.conversations { #expect(text.contains(conversation.line)) }
    }
  }

  @Test func reportsOfBeforeThereWasAMorningAreStillRead() throws {
    var object = try #require(
      try JSONSerialization.jsonObject(with: report(try night().data).json()) as? [String: Any])
    object["morning"] = nil
    let old = try NightReport(json: JSONSerialization.data(withJSONObject: object), named: "old.json")
    #expect(old.morning == nil && old.page.opening.isEmpty && !old.page.html.contains("<details"))
  }
}

struct ConversationFiguresTests {
  private func conversation(_ count: Int, _ turn: (Int) -> Conversation.Turn) -> ConversationFigures {
    ConversationFigures(
      Conversation(
        bundle: "a.h5", bundleDigest: "d", dialogue: "tea", reason: .feeling, turns: (0..<count).map(turn),
        rarities: ["anger": 0.9, "joy": 0.8]))
  }

  @Test func theLineSaysWhatWasFeltByWhomAndHowSurely() {
    let figures = conversation(6) { turn in
      Conversation.Turn(
        turn: turn, speaker: turn == 5 ? "Ann" : "Bob", emotion: turn < 2 ? "neutral" : "anger", confidence: 0.8)
    }
    #expect(figures.line == "anger in 4 of 6 utterances, 3 of them by Bob; 80 % sure on average.")
    #expect(figures.emotion == "anger" && figures.emotionUtterances == 4 && figures.speakers == ["Bob", "Ann"])
    #expect(figures.turns.allSatisfy { $0.sureness == .sure })
  }

  @Test func aLongConversationShowsWhereMostWasFelt() {
    let figures = conversation(200) { turn in
      Conversation.Turn(
        turn: turn, speaker: "A", emotion: (60..<120).contains(turn) ? "anger" : "neutral", confidence: 0.5)
    }
    #expect(figures.turns.map(\.turn) == Array(60..<120) && figures.utterances == 200)
    #expect(figures.strongestTurns == [60, 71])
    #expect(ConversationFigures.window([Double](repeating: 0, count: 50), 12) == 0..<12)
    #expect(ConversationFigures.window([1, 2], 12) == 0..<2)
  }

  @Test func manyWordsAreCutWithASign() {
    let long = String(repeating: "word ", count: 200)
    let text =
      conversation(1) {
        Conversation.Turn(turn: $0, speaker: "A", emotion: "joy", confidence: 1, text: long)
      }.turns[0].text ?? ""
    #expect(text.count == ConversationFigures.shownText + 1 && text.hasSuffix("…"))
  }

  @Test func anUtteranceWithoutALabelHasNone() {
    let figures = conversation(3) { turn in
      Conversation.Turn(turn: turn, speaker: "A", emotion: turn == 1 ? nil : "joy", confidence: turn == 1 ? 0 : 0.6)
    }
    #expect(figures.turns[1].confidence == nil && figures.turns[1].sureness == nil)
    #expect(figures.line.hasPrefix("joy in 2 of 2 utterances, by A"))
  }
}
