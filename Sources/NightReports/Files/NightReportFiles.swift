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

  /// Counts that are known already.
  public init(bundles: Int, failures: Int, pending: Int) {
    self.bundles = bundles
    self.failures = failures
    self.pending = pending
  }

  /// What the index holds of a night.
  ///
  /// - Throws: `IndexError`.
  public init(of night: Night, in reader: IndexReader) throws {
    let probes = try reader.probeCounts(since: night.start, until: night.end, allModels: true)
    var query = FailureQuery()
    (query.since, query.until, query.includesResolved) = (night.start, night.end, true)
    self.init(bundles: probes.bundles, failures: try reader.failures(query).count, pending: probes.pending)
  }

  /// Whether there is nothing to report on.
  public var isEmpty: Bool { bundles == 0 && failures == 0 }
}

/// The nightly reports of a spool: `2026-11-24.html`, `.md` and `.json` in its folder `reports/night`.
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
      bundles: bundles.scored, failures: bundles.failed + bundles.deferred, pending: bundles.pending)
  }

  /// Writes a night's report, durably, in place of an earlier one.
  ///
  /// - Throws: `IndexError`, `ReportError` for a baseline that cannot be read, `StorageError` where a file cannot be written.
  public func write(_ night: Night, _ gathering: NightGathering) throws {
    let report = try gathering.report(of: night)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let page = report.page
    try DurableFile.write(Data(page.html.utf8), to: file(night, "html"))
    try DurableFile.write(Data(page.markdown.utf8), to: file(night, "md"))
    // The last: where it is there, the others are.
    try DurableFile.write(report.json(), to: file(night, "json"))
  }

  /// Removes the reports of nights before a date; other files in the folder stay.
  ///
  /// - Returns: how many nights that were.
  /// - Throws: an error of the file manager where the folder cannot be read or a file not removed.
  public func remove(before date: CalendarDay) throws -> Int {
    guard FileManager.default.fileExists(atPath: folder.path) else { return 0 }
    var removed: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let day = String(name.prefix { $0 != "." })
      guard Self.kinds.contains(where: { name == "\(day).\($0)" }), let found = CalendarDay(day), found < date
      else { continue }
      try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      removed.insert(day)
    }
    return removed.count
  }

  private func file(_ night: Night, _ kind: String) -> URL {
    folder.appendingPathComponent("\(night.date.text).\(kind)", isDirectory: false)
  }

  /// The few numbers of a report's JSON that tell what it was made from.
  private struct WrittenCounts: Decodable {
    struct Bundles: Decodable {
      var scored: Int
      var failed: Int
      var deferred: Int
      var pending: Int
    }

    var format: String
    var version: Int
    var bundles: Bundles
  }
}
