import AmbqConfiguration
import DialogueDomain
import EvaluationStatistics
import Foundation
import ResultIndex
import TestFolders
import Testing

@testable import NightReports

struct GatheringTests {
  private let temporary: TemporaryFolder
  private var folder: URL { temporary.url }
  private let writer: IndexWriter
  private let calendar: Calendar
  private let emotions = SimulatedProbes.emotions
  private var probes = SimulatedProbes()
  /// 24 November 2026, 02:00 in Berlin.
  private let end = SimulatedNight.start.addingTimeInterval(86_400)

  init() throws {
    temporary = try TemporaryFolder()
    writer = try IndexWriter(temporary.url.appendingPathComponent("index.sqlite"))
    probes.plan = try smallPlan()
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
    self.calendar = calendar
  }

  private func gathering(_ set: (inout AmbdConfiguration) -> Void = { _ in }) throws -> NightGathering {
    var configuration = AmbdConfiguration(in: folder)
    set(&configuration)
    return NightGathering(try IndexReader(folder.appendingPathComponent("index.sqlite")), configuration, calendar)
  }

  private func night() throws -> Night {
    Night(try #require(CalendarDay("2026-11-24")), at: ClockTime(hour: 2), calendar)
  }

  /// Records a bundle of ten utterances scored some seconds after the night's beginning, probed unless told otherwise.
  private func record(
    _ number: Int, after seconds: Double, model: String = "m", isProbed: Bool = true, labelled: Bool = true
  ) throws {
    let digest = String(repeating: String(format: "%02x", number), count: 32)
    let rows = (0..<10).map { row -> ScoredUtterance in
      let label = (row * 3 + number) % 7
      let isUnknown = row == 9 && number == 1
      return ScoredUtterance(
        dialogue: "d\(row / 5)", utterance: "u\(row)", turn: row % 5, speaker: ["A", "B"][row % 2],
        emotion: isUnknown ? ScoredUtterance.unknownEmotion : emotions[label],
        confidence: isUnknown ? 0 : 0.5 + Double(row) / 37,
        probabilities: isUnknown ? [] : (0..<7).map { $0 == label ? 0.7 : 0.05 }, branchLogits: [:], shares: [:],
        truth: labelled ? emotions[row % 2 == 0 ? label : 0] : nil)
    }
    let bundle = ScoredBundle(
      name: "bundle-\(number).h5", digest: digest, modelName: model, modelDigest: String(repeating: model, count: 64),
      emotions: emotions, trainingLabels: [47, 12, 3, 7, 17, 3, 11], utterances: rows)
    let time = SimulatedNight.start.addingTimeInterval(seconds)
    _ = try writer.record(
      bundle,
      ScoringRecord(
        arrived: time, scored: time, seconds: 1, labelFile: "labels/bundle-\(number)-\(model).tsv", byteCount: 9),
      probe: ProbeRequest(plan: "plan", file: "done/x.h5", time: time))
    guard isProbed else { return }
    let pending = try #require(try writer.nextPendingProbe())
    var probes = probes
    probes.modelDigest = bundle.modelDigest
    let statistics = probes.statistics(digest: digest, dialogues: 2, turns: 5, seed: UInt64(number))
    try writer.recordProbe(
      pending, stability: rows.map { _ in 0.5 }, statistics: statistics.encoded(), seconds: 1, at: time)
  }

  private func fail(_ name: String, after seconds: Double) throws {
    try writer.recordFailure(
      FailureRecord(
        name: name, digest: nil, time: SimulatedNight.start.addingTimeInterval(seconds),
        explanation: Explanation(.data, "not an HDF5 file", at: name)))
  }

  @Test func aNightHoldsWhatWasScoredBetweenItsEndsAndNothingElse() throws {
    try record(1, after: -0.001)
    try record(2, after: 0)
    try record(3, after: 86_399.999)
    try record(4, after: 86_400)
    try fail("early.h5", after: -1)
    try fail("late.h5", after: 86_399)
    let report = try gathering().report(of: try night())
    #expect(report.bundles.scored == 2)
    #expect(report.bundles.probed == 2)
    #expect(report.failures.map(\.name) == ["late.h5"])
    #expect(
      report.period.date == "2026-11-24" && report.period.start == SimulatedNight.start && report.period.end == end)
    #expect(report.models[0].probes[0].bundles == 2)
    #expect(report.verdict.checks.first { $0.key == "report.least_confidence" }?.previous != nil)
  }

  @Test func twoHalfNightsFromTheIndexMakeTheNight() throws {
    for number in 0..<6 { try record(number, after: Double(number) * 14_000) }
    let gathering = try gathering()
    let noon = SimulatedNight.start.addingTimeInterval(43_200)
    let whole = try gathering.data(since: SimulatedNight.start, until: end, withSpeakers: true)
    let first = try gathering.data(since: SimulatedNight.start, until: noon, withSpeakers: true)
    let second = try gathering.data(since: noon, until: end, withSpeakers: true)
    #expect(first.scorings.count == 4 && second.scorings.count == 2)
    #expect(first.scorings + second.scorings == whole.scorings)
    var joined = second
    joined.scorings = first.scorings + second.scorings
    for statistics in first.probes { joined.add(statistics) }
    #expect(joined.probes == whole.probes)
    joined.speakers = whole.speakers
    joined.dialogues = first.dialogues.merging(second.dialogues, uniquingKeysWith: +)
    joined.sureness = SurenessCounts(
      sure: first.sureness.sure + second.sureness.sure, fairly: first.sureness.fairly + second.sureness.fairly,
      unsure: first.sureness.unsure + second.sureness.unsure)
    #expect(joined.sureness == whole.sureness)
    // Which conversations stand out is a question of the whole night.
    joined.conversations = whole.conversations
    #expect(joined.dialogues == whole.dialogues)
    let period = ReportPeriod(try night(), calendar)
    func json(_ data: NightData) throws -> Data { try NightReport(NightSources(period: period, night: data)).json() }
    #expect(try json(joined) == json(whole))
  }

  @Test func dialoguesAddUpToTheComparisonOfAllAndSpeakersToTheLabels() throws {
    for number in 0..<4 { try record(number, after: Double(number) * 14_000) }
    let night = try gathering().data(since: SimulatedNight.start, until: end, withSpeakers: true)
    let dialogues = try #require(night.dialogues.values.first)
    #expect(night.dialogues.count == 1 && dialogues.count == 8)
    #expect(dialogues.total() == night.scorings.map(\.truth).total().confusion)
    let band = try #require(ConfusionCounts.weightedF1Band(dialogues))
    #expect(band == Bootstrap(seed: 1).band(of: dialogues, figure: \.weightedF1))
    let index = try IndexReader(folder.appendingPathComponent("index.sqlite"))
    let rows = try index.utterances(UtteranceQuery())
    #expect(night.speakers.map(\.speaker) == ["A", "B"])
    for speaker in night.speakers {
      let own = Dictionary(grouping: rows.filter { $0.speaker == speaker.speaker }, by: \.emotion)
      #expect(speaker.counts == own.mapValues(\.count))
    }
  }

  /// Bundles of an earlier night that were corrected in this one.
  @Test func aNightTellsWhatWasCorrectedInItAndWhatThatCameTo() throws {
    try record(2, after: -5000)
    let before = try gathering().report(of: try night())
    #expect(before.corrections == nil)
    let query = UtteranceQuery()
    let rows = try IndexReader(folder.appendingPathComponent("index.sqlite")).utterances(query)
    func correction(_ row: Int, _ emotion: String, by: String) -> Correction {
      Correction(
        bundleDigest: rows[row].bundle.digest, dialogue: rows[row].dialogue, utterance: rows[row].utterance,
        emotion: emotion, by: by, at: SimulatedNight.start, account: "anna",
        taken: SimulatedNight.start.addingTimeInterval(60))
    }
    // One that was wrong by the bundle's own label was right after all; one that was right was not.
    let wrong = try #require(rows.firstIndex { $0.truth != $0.emotion })
    let right = try #require(rows.firstIndex { $0.truth == $0.emotion })
    let other = try #require(emotions.names.first { $0 != rows[right].emotion })
    try writer.record(
      [correction(wrong, rows[wrong].emotion, by: "Anna"), correction(right, other, by: "Ben")], file: "a.jsonl")
    // After the night.
    var late = correction(right, rows[right].emotion, by: "Ben")
    late.taken = end
    try writer.record([late], file: "b.jsonl")
    let report = try gathering().report(of: try night())
    let figures = try #require(report.corrections)
    #expect(figures.taken == 2 && figures.changed == 1 && figures.confirmed == 1)
    #expect(figures.people == [.init(name: "Anna", corrections: 1), .init(name: "Ben", corrections: 1)])
    let model = try #require(figures.models.first)
    #expect(model.bundles == 1 && model.before.utterances == 10 && model.after.utterances == 10)
    let known = rows.filter { $0.truth == $0.emotion }.count
    #expect(model.before.accuracy == Double(known) / 10 && model.after.accuracy == Double(known) / 10)
    #expect((try #require(model.after.meanConfidence) - rows.map(\.confidence).mean).magnitude < 1e-8)
    #expect(
      report.page.text(width: 400).contains("2 corrections by Anna (1), Ben (1): 1 label changed, 1 agreed with."))
    #expect(try NightReport(json: report.json(), named: "x").corrections == figures)
    let counts = try NightCounts(of: try night(), in: IndexReader(folder.appendingPathComponent("index.sqlite")))
    #expect(counts.corrections == 2 && !counts.isEmpty)
  }

  @Test func countsAgreeWithTheUtterances() throws {
    try record(1, after: 100)
    let report = try gathering().report(of: try night())
    #expect(report.emotions.names.last == "unknown")
    #expect(report.emotions.counts.reduce(0, +) == 10 && report.emotions.counts.last == 1)
    let confidences = (0..<9).map { 0.5 + Double($0) / 37 }
    #expect((try #require(report.emotions.meanConfidence) - confidences.mean).magnitude < 1e-8)
    #expect(report.emotions.speakers.map(\.name) == ["A", "B"])
    #expect(report.emotions.speakers.map { $0.counts.reduce(0, +) } == [5, 5])
    // The unknown one cannot be right or wrong.
    #expect(report.models[0].quality?.utterances == 9)
    #expect(report.models[0].drift.trainingCounts == [47, 12, 3, 7, 17, 3, 11])
  }

  @Test func aReportStaysAsItWasWhenAnotherModelScoresTheBundlesLater() throws {
    try record(2, after: 100)
    let before = try gathering().report(of: try night())
    try record(2, after: 90_000, model: "n")
    let after = try gathering().report(of: try night())
    #expect(try after.json() == before.json())
  }

  @Test func bundlesNotProbedYetAreCountedAndNamed() throws {
    try record(2, after: 100, isProbed: false)
    let report = try gathering().report(of: try night())
    #expect(report.bundles.pending == 1 && report.bundles.pendingTitles == ["bundle-2.h5"])
    #expect(report.models[0].probes.isEmpty)
  }

  @Test func theWeekBeforeIsComparedNightByNight() throws {
    try record(2, after: 100)
    for back in [1, 3, 7, 8] { try record(10 + back, after: 100 - 86_400 * Double(back)) }
    let drift = try gathering().report(of: try night()).models[0].drift
    #expect(drift.weekNights == 3)
    #expect(drift.weekCounts.reduce(0, +) == 30)
    #expect(drift.week != nil)
  }

  // MARK: filters

  private func filtered(_ set: (inout UtteranceQuery) -> Void) throws -> NightReport {
    var query = UtteranceQuery()
    set(&query)
    let filter = try #require(ReportFilter(query, options: "--so and so"))
    let reader = try IndexReader(folder.appendingPathComponent("index.sqlite"))
    let report = try NightGathering(reader, AmbdConfiguration(in: folder), calendar, filter: filter)
      .report(of: try night())
    #expect(report.page.text(width: 400).hasPrefix("Morning report of 2026-11-24, only --so and so\n"))
    #expect(report.page.html.contains("only --so and so</title>"))
    #expect(try NightReport(json: report.json(), named: "x").filter == report.filter)
    return report
  }

  private func utterances(_ set: (inout UtteranceQuery) -> Void) throws -> [IndexedUtterance] {
    var query = try UtteranceQuery(since: night().start, until: night().end, allModels: true)
    set(&query)
    return try IndexReader(folder.appendingPathComponent("index.sqlite")).utterances(query)
  }

  @Test(
    arguments: [
      { $0.speakers = ["A"] }, { $0.emotions = ["joy", "anger"] }, { $0.excludedEmotions = ["neutral"] },
      { $0.minimumConfidence = 0.6 }, { ($0.speakers, $0.dialogues) = (["B"], ["d1"]) }, { $0.models = ["m"] },
      { $0.bundles = ["bundle-2.h5"] }, { $0.dialogues = ["d0"] }, { $0.maximumStability = 0.5 },
    ] as [@Sendable (inout UtteranceQuery) -> Void])
  func aFilterCountsWhatAListOfItHolds(set: @Sendable (inout UtteranceQuery) -> Void) throws {
    try record(1, after: 100)
    try record(2, after: 200)
    try record(3, after: 300, model: "n")
    try record(4, after: 100_000)
    let rows = try utterances(set)
    let report = try filtered(set)
    #expect(!rows.isEmpty)
    #expect(report.bundles.utterances == rows.count)
    #expect(report.bundles.scored == Set(rows.map(\.bundle.id)).count)
    #expect(report.bundles.dialogues == Set(rows.map { "\($0.bundle.id) \($0.dialogue)" }).count)
    let counts = Dictionary(grouping: rows, by: \.emotion).mapValues(\.count)
    #expect(Dictionary(zip(report.emotions.names, report.emotions.counts)) { $1 }.filter { $0.value > 0 } == counts)
    #expect(Set(report.emotions.speakers.map(\.name)) == Set(rows.map(\.speaker)))
    let judged = rows.filter { $0.truth != nil && $0.reasonForNoLabel == nil }
    #expect(report.models.compactMap(\.quality?.utterances).reduce(0, +) == judged.count)
    #expect(
      report.morning?.conversations.allSatisfy { chosen in rows.contains { $0.dialogue == chosen.dialogue } } == true)
  }

  @Test func probesCountOnlyWhereAllOfABundleIsMeant() throws {
    try record(2, after: 200)
    try record(3, after: 300)
    let speaker = try filtered { $0.speakers = ["A"] }
    #expect(speaker.models[0].probes.isEmpty && speaker.filter?.lacksProbes == true)
    #expect(speaker.page.text(width: 400).contains("Left out: probes are kept for whole bundles"))
    #expect(speaker.page.text(width: 400).contains("what noise and missing modalities do to labels"))
    let bundle = try filtered { $0.bundles = ["bundle-2.h5"] }
    #expect(bundle.models[0].probes[0].bundles == 1 && bundle.filter?.lacksProbes == false)
    #expect(try filtered { $0.dialogues = ["d0"] }.models[0].probes.isEmpty)
    #expect(try filtered { $0.dialogues = ["d0", "d1"] }.models[0].probes[0].bundles == 2)
  }

  @Test func whatIsChosenByItsLabelIsHeldAgainstNoLimitAndNoTrainingData() throws {
    try record(2, after: 200)
    let joy = try filtered { $0.emotions = ["joy"] }
    #expect(joy.verdict.state == .unchecked && joy.verdict.checks.allSatisfy { $0.limit == nil })
    #expect(joy.models[0].drift.training == nil && joy.filter?.isUnjudged == true)
    #expect(try filtered { $0.models = ["m"] }.verdict.checks.contains { $0.limit != nil })
  }

  @Test func failuresAreToldByNameAlone() throws {
    try record(2, after: 200)
    let explanation = Explanation(.io, "busy")
    for name in ["bad-2.h5", "x.h5"] {
      try writer.recordFailure(
        FailureRecord(name: name, digest: nil, time: SimulatedNight.start + 60, explanation: explanation))
    }
    #expect(try filtered { $0.bundles = ["b*-2.h5"] }.failures.map(\.name) == ["bad-2.h5"])
    let speaker = try filtered { $0.speakers = ["A"] }
    #expect(speaker.verdict.checks.first { $0.key == "report.most_failed" }?.value == nil)
    #expect(!speaker.page.text(width: 400).contains("Nothing failed") && speaker.filter?.lacksFailures == true)
    #expect(speaker.failures.isEmpty && speaker.filter?.apart.contains { $0.hasPrefix("files that failed") } == true)
  }

  @Test func aFilterThatLetsAllPassIsNone() {
    #expect(ReportFilter(UtteranceQuery(allModels: true), options: "") == nil)
  }

  // MARK: what was learned later

  @Test func anEarlierNightThatIsMadeAnewSaysUntilWhenCorrectionsCount() throws {
    try record(2, after: 200)
    func correct(taken: Date, _ file: String) throws {
      try writer.record(
        [
          Correction(
            bundleDigest: String(repeating: "02", count: 32), dialogue: "d0", utterance: "u0", emotion: "fear",
            by: "Anna", at: taken, account: "anna", taken: taken)
        ], file: file)
    }
    try correct(taken: SimulatedNight.start + 300, "a.jsonl")
    let first = try gathering().report(of: try night())
    #expect(first.provenance.corrected == SimulatedNight.start + 300)
    #expect(!first.page.html.contains("People have corrected some of these labels since"))
    #expect(first.page.text(width: 400).contains("counted up to Mon 23 Nov 2026 02:05"))
    try correct(taken: end + 3600, "b.jsonl")
    let later = try gathering().report(of: try night())
    for text in [later.page.text(width: 400), later.page.html, later.page.markdown] {
      #expect(text.contains("People have corrected some of these labels since"))
      #expect(text.contains("Tue 24 Nov 2026 03:00"))
    }
  }

  @Test func anyPeriodHasAReport() throws {
    try record(2, after: 100)
    let report = try gathering().report(
      since: SimulatedNight.start, until: SimulatedNight.start.addingTimeInterval(3600))
    #expect(report.period.date == nil && report.bundles.scored == 1)
    let empty = try gathering().report(since: end, until: end.addingTimeInterval(10))
    #expect(empty.bundles.scored == 0 && empty.verdict.state == .empty)
  }

  @Test func aBaselineThatIsMissingOrNoReportIsExplained() throws {
    try record(2, after: 100)
    let missing = try gathering { $0.report.baseline = "/nowhere/report.json" }
    let error = #expect(throws: ReportError.self) { try missing.report(of: try night()) }
    #expect(error?.explanation.kind == .missingInput)
    let file = folder.appendingPathComponent("baseline.json")
    try gathering().report(of: try night()).json().write(to: file)
    let report = try gathering { $0.report.baseline = file.path }.report(of: try night())
    #expect(report.models[0].probes[0].noise?.curves[0].corruptionError == 1)
    // An evaluation's JSON holds the same figures under its key probes.
    let evaluation = try NightReport.encoder.encode(["probes": report.models[0].probes[0]])
    try evaluation.write(to: file)
    #expect(try gathering { $0.report.baseline = file.path }.report(of: try night()) == report)
    try Data("{}".utf8).write(to: file)
    #expect(throws: ReportError.self) { try gathering { $0.report.baseline = file.path }.report(of: try night()) }
  }
}
