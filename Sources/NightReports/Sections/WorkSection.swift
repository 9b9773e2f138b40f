import Foundation
import Presentation
import ResultIndex

/// What was done, what failed and why, and what has not been probed.
struct WorkSection {
  let bundles: BundleFigures
  let failures: [FailureRecord]
  let calendar: Calendar
  /// Whether failures are left out.
  var lacksFailures = false

  private static let listed = 30

  var sections: [ReportSection] { [work, failed].compactMap { $0 } }

  private var work: ReportSection {
    var rows = [
      ["bundles scored", NumberText.count(bundles.scored)],
      ["dialogues in them", NumberText.count(bundles.dialogues)],
      ["utterances in them", NumberText.count(bundles.utterances)],
      ["utterances whose true emotion is known", NumberText.count(bundles.labelled)],
      ["bundles probed", NumberText.count(bundles.probed)],
      ["bundles not probed yet", NumberText.count(bundles.pending)],
      ["bundles skipped by the probes", NumberText.count(bundles.skipped)],
    ]
    if !lacksFailures {
      rows += [
        ["failures", NumberText.count(bundles.failed)],
        ["deferred for another try", NumberText.count(bundles.deferred)],
      ]
    }
    var blocks: [ReportBlock] = [.table(DataTable("", header: ["what", "how many"], rows: rows))]
    if bundles.pending > 0 {
      blocks.append(
        .warning(
          "Not probed yet: \(list(bundles.pendingTitles, of: bundles.pending)). The figures on robustness below leave them "
            + "out; the daemon writes this report again once they are done."))
    }
    if bundles.skipped > 0 {
      blocks.append(
        .paragraph(
          "Skipped by the probes, as configured or because they could not run: "
            + "\(list(bundles.skippedTitles, of: bundles.skipped))."))
    }
    return ReportSection(
      "Work done", "What arrived in this period, and how much of it the figures below rest on.", blocks)
  }

  private var failed: ReportSection? {
    guard !failures.isEmpty else { return nil }
    let rows = failures.prefix(Self.listed).map { failure in
      [
        failure.name, TimeText.moment(failure.time, calendar),
        failure.isResolved ? "settled since" : failure.state == .deferred ? "will be tried again" : "failed",
        failure.explanation.message,
      ]
    }
    var blocks: [ReportBlock] = [
      .table(
        DataTable(
          "", header: ["bundle", "when", "state", "why, and how to mend it"], rows: rows, words: [0, 1, 2, 3]))
    ]
    if failures.count > Self.listed {
      blocks.append(
        .paragraph("The first \(Self.listed) of \(NumberText.count(failures.count)); 'ambq errors' lists all."))
    }
    return ReportSection("What failed", "Bundles that could not be scored, with what the daemon said of each.", blocks)
  }

  private func list(_ titles: [String], of count: Int) -> String {
    titles.joined(separator: ", ") + (count > titles.count ? " and \(NumberText.count(count - titles.count)) more" : "")
  }
}
