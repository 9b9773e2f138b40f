import AmbqConfiguration
import DialogueDomain
import Foundation
import ResultIndex
import TestFolders
import Testing

@testable import NightReports

struct NightReportFilesTests {
  private let temporary: TemporaryFolder
  private var root: URL { temporary.url }
  private let index: URL
  private let writer: IndexWriter
  private let files: NightReportFiles
  private let night: Night
  private let calendar: Calendar

  init() throws {
    temporary = try TemporaryFolder()
    index = temporary.url.appendingPathComponent("index.sqlite")
    writer = try IndexWriter(index)
    files = NightReportFiles(temporary.url.appendingPathComponent("night"))
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    self.calendar = calendar
    night = Night(try #require(CalendarDay("2026-11-24")), at: ClockTime(hour: 2), calendar)
  }

  private func record(_ name: String, at time: Date, emotion: String = "joy") throws {
    let utterance = ScoredUtterance(
      dialogue: "d", utterance: "d#0", turn: 0, speaker: "A", emotion: emotion, confidence: 0.75,
      probabilities: [0.75, 0.25], branchLogits: [:], shares: [:])
    try writer.record(
      ScoredBundle(
        name: name, digest: name, modelName: "m", modelDigest: "m", emotions: EmotionSet(["joy", "anger"]),
        utterances: [utterance]),
      ScoringRecord(arrived: time, scored: time, seconds: 1, labelFile: "labels/\(name)", byteCount: 1),
      probe: ProbeRequest(plan: "{}", file: "done/\(name)", time: time))
  }

  private func write() throws {
    try files.write(night, NightGathering(IndexReader(index), AmbdConfiguration(in: root), calendar))
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("night").path).sorted()
  }

  private func json() -> URL { root.appendingPathComponent("night/2026-11-24.json") }

  @Test func aReportIsFilesThatSayWhatTheyWereMadeFrom() throws {
    try record("a.h5", at: night.start)
    try record("b.h5", at: night.end - 1)
    try record("c.h5", at: night.end)
    let explanation = Explanation(.io, "busy")
    try writer.recordFailure(FailureRecord(name: "x.h5", digest: nil, time: night.start, explanation: explanation))
    try writer.recordFailure(
      FailureRecord(name: "y.h5", digest: nil, state: .deferred, time: night.start, explanation: explanation))
    #expect(files.counts(of: night) == nil)
    let counts = try NightCounts(of: night, in: IndexReader(index))
    #expect(counts == NightCounts(bundles: 2, failures: 2, pending: 2))
    try write()
    #expect(
      try names() == ["2026-11-24.html", "2026-11-24.json", "2026-11-24.md", "index.html", "latest.html"])
    #expect(files.counts(of: night) == counts)
    // What is counted of the file is what the whole report says.
    let report = try NightReport(json: Data(contentsOf: json()), named: "x.json")
    #expect(report.bundles.scored == 2 && report.bundles.pending == 2 && report.failures.count == 2)
    try writer.skipProbe(try #require(try writer.nextPendingProbe()), reason: "gone", at: night.end)
    #expect(try NightCounts(of: night, in: IndexReader(index)).pending == 1)
    #expect(files.counts(of: night)?.pending == 2)
  }

  @Test(arguments: [
    "", "{", "{}", #"{"format": "ambq-report", "version": 0, "bundles": {"scored": 1}}"#,
    #"{"format": "other", "version": 1, "bundles": {"scored": 1, "failed": 0, "deferred": 0, "pending": 0}}"#,
    #"{"format": "ambq-report", "version": 99, "bundles": {"scored": 1, "failed": 0, "deferred": 0, "pending": 0}}"#,
  ])
  func whatCannotBeReadCountsAsNotWritten(text: String) throws {
    try record("a.h5", at: night.start)
    try write()
    try Data(text.utf8).write(to: json())
    #expect(files.counts(of: night) == nil)
    try write()
    #expect(files.counts(of: night)?.bundles == 1)
  }

  private func page(_ name: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent("night/\(name)"), encoding: .utf8)
  }

  @Test func theLatestPageIsThatOfTheLastNightWhateverIsWrittenAgain() throws {
    let next = night.back(-1, at: ClockTime(hour: 2), calendar)
    try record("a.h5", at: night.start)
    try record("b.h5", at: next.start)
    try write()
    #expect(try page("latest.html") == page("2026-11-24.html"))
    try files.write(next, NightGathering(IndexReader(index), AmbdConfiguration(in: root), calendar))
    try write()
    #expect(try page("latest.html") == page("2026-11-25.html"))
    let links = try page("index.html").matches(of: /class="title" href="([^"]*)"/).map { String($0.1) }
    #expect(links == ["2026-11-25.html", "2026-11-24.html"])
    #expect(try files.remove(before: next.date) == 1)
    #expect(try !page("index.html").contains("2026-11-24"))
    #expect(try files.remove(before: next.date.adding(days: 1)) == 1)
    #expect(try names().isEmpty)
  }

  /// Every link of every page leads to a place in it, or to a file beside it.
  @Test func everyLinkLeadsSomewhere() throws {
    try record("a.h5", at: night.start)
    try record("b.h5", at: night.start, emotion: "anger")
    try write()
    func lost(_ name: String, _ text: String) throws -> [String] {
      let links = text.matches(of: /href="([^"]*)"/).map { String($0.1) }
      #expect(!links.isEmpty, "\(name)")
      let files = try Set(names())
      return links.filter { link in
        link.hasPrefix("#") ? !text.contains("id=\"\(link.dropFirst())\"") : !files.contains(link)
      }
    }
    let pages = try names().filter { $0.hasSuffix(".html") }
    #expect(pages.count == 5)
    for name in pages { #expect(try lost(name, page(name)).isEmpty, "\(name)") }
    // Elsewhere there is nothing beside it.
    let alone = try NightGathering(IndexReader(index), AmbdConfiguration(in: root), calendar).report(of: night).page
      .html
    #expect(try lost("alone", alone.replacing("href=\"2026", with: "href=\"lost")).isEmpty)
    #expect(alone.matches(of: /href="([^"]*)"/).allSatisfy { $0.1.hasPrefix("#") })
  }

  @Test func reportsOfAnEarlierVersionGetTheirIndex() throws {
    #expect(!files.lacksIndex)
    try record("a.h5", at: night.start)
    try write()
    for name in ["index.html", "latest.html"] {
      try FileManager.default.removeItem(at: root.appendingPathComponent("night/\(name)"))
    }
    #expect(files.lacksIndex)
    try files.writeIndex()
    #expect(!files.lacksIndex)
    #expect(try page("latest.html") == page("2026-11-24.html"))
  }

  private func record(_ name: String, dialogues: [String], at time: Date) throws {
    let utterances = dialogues.flatMap { dialogue in
      (0..<4).map { turn in
        ScoredUtterance(
          dialogue: dialogue, utterance: "\(dialogue)#\(turn)", turn: turn, speaker: "A",
          emotion: turn == 0 ? "anger" : "joy", confidence: 0.75, probabilities: [0.75, 0.25],
          branchLogits: [.text: [1, 0]], shares: [.text: 1],
          text: turn == 3 ? String(repeating: "x", count: 600) : "Hm.")
      }
    }
    try writer.record(
      ScoredBundle(
        name: name, digest: name, modelName: "m", modelDigest: "m", emotions: EmotionSet(["joy", "anger"]),
        utterances: utterances),
      ScoringRecord(arrived: time, scored: time, seconds: 1, labelFile: "labels/\(name)", byteCount: 1))
  }

  @Test func everyConversationToOpenHasAPageThatTheReportLeadsTo() throws {
    let names = ["../../etc/passwd", "<script>alert(1)</script>", "tea", "walk", "talk", "more"]
    try record("a.h5", dialogues: names, at: night.start)
    try write()
    let pages = (1...5).map { "2026-11-24-conversation-\($0).html" }
    #expect(try self.names().filter { $0.contains("conversation") } == pages)
    let report = try page("2026-11-24.html")
    for (name, number) in zip(pages, 1...) {
      #expect(report.components(separatedBy: "href=\"\(name)\"").count == 3)
      let text = try page(name)
      #expect(text.contains("href=\"2026-11-24.html\"") && !text.contains("<script>alert"))
      #expect(text.contains("made of the index alone") && text.contains("--html") && number > 0)
      // Words are shortened, so that a page is bounded.
      #expect(text.contains(String(repeating: "x", count: 500) + "…"))
    }
    #expect(report.contains("<p class=\"back\"><a href=\"index.html\">All nights</a></p>"))
  }

  @Test func pagesOfConversationsThatAreNoLongerChosenGoAndAllGoWithTheNight() throws {
    try record("a.h5", dialogues: ["tea"], at: night.start)
    let folder = root.appendingPathComponent("night")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for number in [2, 5, 6] {
      try Data().write(to: folder.appendingPathComponent("2026-11-24-conversation-\(number).html"))
    }
    try write()
    let left = ["2026-11-24-conversation-1.html", "2026-11-24-conversation-6.html"]
    #expect(try names().filter { $0.contains("conversation") } == left)
    #expect(try files.remove(before: night.date.adding(days: 1)) == 1)
    // What is not ours stays.
    #expect(try names() == ["2026-11-24-conversation-6.html"])
  }

  @Test func aReportThatCannotBeWrittenIsAnError() throws {
    try Data().write(to: root.appendingPathComponent("night"))
    #expect(throws: (any Error).self) { try write() }
    #expect(files.counts(of: night) == nil)
  }

  @Test func oldReportsAreRemovedAndNothingElse() throws {
    let first = try #require(CalendarDay("2026-11-24"))
    #expect(try files.remove(before: first) == 0)
    try record("a.h5", at: night.start)
    try write()
    let folder = root.appendingPathComponent("night")
    let kept = ["2026-11-23-mine.html", "2026-11-23.pdf", "1999.json", "notes.md"]
    let pages = ["index.html", "latest.html"]
    let old = ["2026-11-22.json", "2026-11-23.html", "2026-11-23.json"]
    for name in kept + old { try Data().write(to: folder.appendingPathComponent(name)) }
    #expect(try files.remove(before: first) == 2)
    #expect(try names() == (kept + ["html", "json", "md"].map { "2026-11-24.\($0)" } + pages).sorted())
  }
}

struct NightIndexTests {
  private func entry(_ state: Verdict.State, headline: String? = "12 utterances in 3 conversations.") -> NightEntry {
    var report = NightReport(NightSources(period: SimulatedNight.period(), night: NightData()))
    report.verdict.state = state
    report.bundles.failed = 2
    if let headline { report.morning?.headline = headline } else { report.morning = nil }
    return NightEntry(report)
  }

  private func date(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

  @Test func theLatestNightComesFirstAndEachLeadsToItsForms() throws {
    let html = NightIndex(nights: [
      (try date("2026-12-01"), entry(.held)), (try date("2026-11-30"), entry(.broken, headline: nil)),
      (try date("2026-11-29"), nil),
    ]).html
    let links = html.matches(of: /href="([^"]*)"/).map { String($0.1) }
    #expect(links.first == "latest.html")
    #expect(links.dropFirst().prefix(3) == ["2026-12-01.html", "2026-12-01.md", "2026-12-01.json"])
    #expect(links.count == 10)
    #expect(html.contains("<h2>2026-12</h2>") && html.contains("<h2>2026-11</h2>"))
    #expect(html.contains("✓ Within limits.") && html.contains("✗ Out of limits.") && html.contains("2 files failed."))
    #expect(html.contains("12 utterances in 3 conversations.") && html.contains("0 utterances."))
    #expect(!html.contains("<script"))
    #expect(NightIndex(nights: []).html.contains("No night has a report yet."))
  }
}
