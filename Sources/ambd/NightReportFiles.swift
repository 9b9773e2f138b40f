import AmbqConfiguration
import DialogueDomain
import Foundation
import NightReports
import OperatingSystem
import ResultIndex
import ScoringDaemon

/// The nightly reports of a spool: `reports/night/2026-11-24.html`, `.md` and `.json`, made from its index.
struct NightReportFiles: ReportWriter {
  private let index: URL
  private let folder: URL

  init(_ layout: SpoolLayout) {
    index = layout.index
    folder = layout.nightReports
  }

  func supply(of night: Night) throws -> NightSupply {
    let reader = try IndexReader(index)
    let probes = try reader.probeCounts(since: night.start, until: night.end, allModels: true)
    var query = FailureQuery()
    (query.since, query.until, query.includesResolved) = (night.start, night.end, true)
    return NightSupply(bundles: probes.bundles, failures: try reader.failures(query).count, pending: probes.pending)
  }

  func written(_ night: Night) throws -> NightSupply? {
    // Anything unreadable counts as not written: it is written anew.
    guard let data = try? Data(contentsOf: file(night, "json")),
      let report = try? NightReport(json: data, named: night.date.text)
    else { return nil }
    let bundles = report.bundles
    return NightSupply(
      bundles: bundles.scored, failures: bundles.failed + bundles.deferred, pending: bundles.pending)
  }

  func write(_ night: Night, _ settings: AmbdConfiguration, _ calendar: Calendar) throws {
    let report = try NightGathering(IndexReader(index), settings, calendar).report(of: night)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let page = report.page
    try DurableFile.write(Data(page.html.utf8), to: file(night, "html"))
    try DurableFile.write(Data(page.markdown.utf8), to: file(night, "md"))
    // The last: where it is there, the others are.
    try DurableFile.write(report.json(), to: file(night, "json"))
  }

  func removeReports(before date: CalendarDay) throws -> Int {
    guard FileManager.default.fileExists(atPath: folder.path) else { return 0 }
    var removed: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let day = String(name.prefix { $0 != "." })
      guard ["html", "md", "json"].contains(where: { name == "\(day).\($0)" }), let found = CalendarDay(day),
        found < date
      else { continue }
      try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      removed.insert(day)
    }
    return removed.count
  }

  private func file(_ night: Night, _ kind: String) -> URL {
    folder.appendingPathComponent("\(night.date.text).\(kind)", isDirectory: false)
  }
}
