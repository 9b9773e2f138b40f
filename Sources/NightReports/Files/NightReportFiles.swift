import AmbqConfiguration
import Foundation
import OperatingSystem
import ResultIndex

/// How much a night holds: enough to tell whether a report is up to date.
public struct NightCounts: Sendable, Hashable {
  /// Bundles scored.
  public var bundles: Int
  /// Bundles that could not be scored.
  public var failures: Int
  /// Bundles whose probes are still to run.
  public var pending: Int
  /// Corrections taken.
  public var corrections: Int

  /// Counts that are known already.
  public init(bundles: Int, failures: Int, pending: Int, corrections: Int = 0) {
    self.bundles = bundles
    self.failures = failures
    self.pending = pending
    self.corrections = corrections
  }

  /// What the index holds of a night.
  ///
  /// - Throws: `IndexError`.
  public init(of night: Night, in reader: IndexReader) throws {
    let probes = try reader.probeCounts(since: night.start, until: night.end, allModels: true)
    var query = FailureQuery()
    (query.since, query.until, query.includesResolved) = (night.start, night.end, true)
    let corrections = try reader.correctionCounts(since: night.start, until: night.end)
    self.init(
      bundles: probes.bundles, failures: try reader.failures(query).count, pending: probes.pending,
      corrections: corrections.values.reduce(0, +))
  }

  /// Whether there is nothing to report on.
  public var isEmpty: Bool { bundles == 0 && failures == 0 && corrections == 0 }
}

/// The nightly reports of a spool: `2026-11-24.html`, `.md` and `.json` in its folder `reports/night`, with `index.html`,
/// which leads to all of them, `latest.html`, the page of the last one, and the pages of the conversations to open.
///
/// ```swift
/// let files = NightReportFiles(layout.nightReports)
/// try files.write(night, NightGathering(IndexReader(layout.index), settings, calendar))
/// ```
public struct NightReportFiles: Sendable {
  private let folder: URL
  private static let kinds = ["html", "md", "json"]

  /// - Parameter folder: made when the first report is written.
  public init(_ folder: URL) {
    self.folder = folder
  }

  /// What the written report of a night was made from; nil where there is none that can be read.
  public func counts(of night: Night) -> NightCounts? {
    // Anything unreadable counts as not written: it is written anew.
    guard let data = try? Data(contentsOf: file(night, "json")),
      let report = try? NightReport.decoder.decode(WrittenCounts.self, from: data),
      report.format == NightReport.formatName, report.version == NightReport.currentVersion
    else { return nil }
    let bundles = report.bundles
    return NightCounts(
      bundles: bundles.scored, failures: bundles.failed + bundles.deferred, pending: bundles.pending,
      corrections: report.corrections?.taken ?? 0)
  }

  /// Writes a night's report, durably, in place of an earlier one.
  ///
  /// - Throws: `IndexError`, `ReportError` for a baseline that cannot be read, `StorageError` where a file cannot be written.
  public func write(_ night: Night, _ gathering: NightGathering) throws {
    let (report, conversations) = try gathering.reportWithPages(of: night)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Before the page that leads to them.
    for (place, page) in conversations.enumerated() {
      try DurableFile.write(Data(page.html.utf8), to: conversation(night.date, place + 1))
    }
    let page = report.page(amongNights: true)
    let html = Data(page.html.utf8)
    try DurableFile.write(html, to: file(night, "html"))
    try DurableFile.write(Data(page.markdown.utf8), to: file(night, "md"))
    let dates = Set(try dates() + [night.date])
    if dates.allSatisfy({ $0 <= night.date }) { try DurableFile.write(html, to: latest) }
    try writeIndex(dates, known: (night.date, NightEntry(report)))
    for number in 1...ConversationChoice.most where number > conversations.count {
      try? FileManager.default.removeItem(at: conversation(night.date, number))
    }
    // The last: where it is there, the others are.
    try DurableFile.write(report.json(), to: file(night, "json"))
  }

  /// What the report of the last night says of it; nil where there is none that can be read.
  public var lastVerdict: Verdict.State? {
    (try? dates())?.max().flatMap(entry)?.verdict.state
  }

  /// What the report of a night says of it; nil where there is none that can be read.
  public func verdict(of night: Night) -> Verdict? {
    guard let data = try? Data(contentsOf: file(night, "json")) else { return nil }
    return (try? NightReport.decoder.decode(Judged.self, from: data))?.verdict
  }

  /// The page of a night, whether it is there or not.
  public func page(of night: Night) -> URL { file(night, "html") }

  /// Whether there are reports, but no page that leads to them: they were written by an earlier version.
  public var lacksIndex: Bool {
    guard !FileManager.default.fileExists(atPath: index.path) else { return false }
    return (try? dates().isEmpty) == false
  }

  /// Writes `index.html` and `latest.html` anew from the reports there are.
  ///
  /// - Throws: `StorageError` where a file cannot be written, an error of the file manager where one cannot be read.
  public func writeIndex() throws {
    let dates = Set(try dates())
    guard let last = dates.max() else { return }
    try DurableFile.write(Data(contentsOf: file(last, "html")), to: latest)
    try writeIndex(dates, known: nil)
  }

  private var index: URL { folder.appendingPathComponent("index.html", isDirectory: false) }
  private var latest: URL { folder.appendingPathComponent("latest.html", isDirectory: false) }

  /// - Parameter known: a night whose figures need not be read from its file.
  private func writeIndex(_ dates: Set<CalendarDay>, known: (date: CalendarDay, entry: NightEntry)?) throws {
    let nights = dates.sorted(by: >).enumerated().map { place, date in
      if let known, known.date == date { return (date: date, entry: NightEntry?.some(known.entry)) }
      return (date: date, entry: place < NightIndex.told ? entry(date) : nil)
    }
    try DurableFile.write(Data(NightIndex(nights: nights).html.utf8), to: index)
  }

  /// What the index tells of a night; nil where its figures cannot be read.
  private func entry(_ date: CalendarDay) -> NightEntry? {
    guard let data = try? Data(contentsOf: file(date, "json")) else { return nil }
    return try? NightReport.decoder.decode(NightEntry.self, from: data)
  }

  /// The nights that have a page.
  private func dates() throws -> [CalendarDay] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { name in
      name.hasSuffix(".html") ? CalendarDay(String(name.dropLast(5))) : nil
    }
  }

  /// Removes the reports of nights before a date; other files in the folder stay.
  ///
  /// - Returns: how many nights that were.
  /// - Throws: an error of the file manager where the folder cannot be read or a file not removed.
  public func remove(before date: CalendarDay) throws -> Int {
    guard FileManager.default.fileExists(atPath: folder.path) else { return 0 }
    // First, so that no link leads nowhere.
    let (all, kept) = (try dates(), try dates().filter { $0 >= date })
    if kept.count < all.count { try renewIndex(Set(kept)) }
    var removed: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let day = String(ConversationPages.date(ofFile: name) ?? name.prefix { $0 != "." })
      guard
        Self.kinds.contains(where: { name == "\(day).\($0)" }) || ConversationPages.date(ofFile: name) != nil,
        let found = CalendarDay(day), found < date
      else { continue }
      try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      removed.insert(day)
    }
    return removed.count
  }

  /// The index of the nights that are kept; with none of them there is nothing to lead to.
  private func renewIndex(_ kept: Set<CalendarDay>) throws {
    if !kept.isEmpty { return try writeIndex(kept, known: nil) }
    for file in [index, latest] where FileManager.default.fileExists(atPath: file.path) {
      try FileManager.default.removeItem(at: file)
    }
  }

  private func conversation(_ date: CalendarDay, _ number: Int) -> URL {
    folder.appendingPathComponent(ConversationPages.fileName(date.text, number), isDirectory: false)
  }

  private func file(_ night: Night, _ kind: String) -> URL { file(night.date, kind) }

  private func file(_ date: CalendarDay, _ kind: String) -> URL {
    folder.appendingPathComponent("\(date.text).\(kind)", isDirectory: false)
  }

  /// What a report's JSON says of the night as a whole.
  private struct Judged: Decodable {
    var verdict: Verdict
  }

  /// The few numbers of a report's JSON that tell what it was made from.
  private struct WrittenCounts: Decodable {
    struct Bundles: Decodable {
      var scored: Int
      var failed: Int
      var deferred: Int
      var pending: Int
    }

    struct Corrections: Decodable { var taken: Int }

    var format: String
    var version: Int
    var bundles: Bundles
    var corrections: Corrections?
  }
}
