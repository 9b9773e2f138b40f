import AmbqConfiguration
import BundleSpool
import DialogueDomain
import Foundation
import OperatingSystem
import Presentation
import ResultIndex

/// Whether the files of a spool are those that its index tells of: `ambq verify`.
///
/// First every current scoring is looked up: its labels, and its bundle in `done`. Then every file in `done` and in `labels`
/// is looked up in the index, and the records of corrections are compared with it. Last, unless only sizes count, the index's
/// sums are made anew. Nothing is kept but counts, so that memory does not grow with the spool. A daemon may go on
/// meanwhile: what does not agree is looked at again before it is told.
public struct SpoolVerification {
  /// What a verification came to.
  public struct Outcome: Sendable {
    /// Current scorings.
    public var bundles = 0
    /// Bundles that are no longer in `done` since `retention.done_days` has passed.
    public var expired = 0
    /// Bundles that the daemon has in hand.
    public var active = 0
    /// Files in `done` that are the index's.
    public var files = 0
    /// Label files that are the index's.
    public var labels = 0
    /// Whatever does not agree.
    public var disagreements = 0
    /// The days after which a missing bundle is as it should be; 0: never.
    let doneDays: Int
    let isQuick: Bool
  }

  /// Whether sizes have to do and no content is read.
  public var isQuick = false
  /// Told what is looked at, how much of it is done, and of how many; 0 where that is not known.
  public var progress: (String, Int, Int) -> Void = { _, _, _ in }
  private let reader: IndexReader
  private let layout: SpoolLayout
  private let doneDays: Int
  private let now: Date
  private static let pageSize = 256

  /// - Parameters:
  ///   - location: where the index and the configuration are.
  ///   - now: what `retention.done_days` counts back from.
  /// - Throws: `QueryError` where nobody says where the spool is; `IndexError`.
  public init(_ location: ResultLocation, now: Date = Date()) throws {
    reader = try IndexReader(location.index)
    guard
      let layout = try location.spool ?? reader.heartbeat().map({ SpoolLayout(root: URL(fileURLWithPath: $0.spool)) })
    else {
      throw QueryError(
        usage: "an index alone does not say where the files lie", remedy: "Name the spool with --spool DIR.")
    }
    self.layout = layout
    doneDays = location.settings.retention.doneDays
    self.now = now
  }

  /// Writes which fields its records have.
  ///
  /// - Throws: `OutputError`.
  public static func listFields(on console: ResultConsole) throws { try Disagreement.columns.list(on: console) }

  /// Looks at everything and writes what does not agree, in the console's format.
  ///
  /// - Throws: `IndexError`; `StorageError` where a folder cannot be listed; `OutputError`.
  public func write(on console: ResultConsole) throws -> Outcome {
    var outcome = Outcome(doneDays: doneDays, isQuick: isQuick)
    var writer = try DisagreementWriter(console)
    var disagreements = 0
    func tell(_ disagreement: Disagreement) throws {
      disagreements += 1
      if console.printsNames { try console.name(disagreement.file) } else { try writer.append(disagreement) }
    }
    try checkScorings(&outcome, tell)
    try checkDone(&outcome, tell)
    try checkLabels(tell)
    try CorrectionComparison(layout: layout, reader: reader, isQuick: isQuick).check(tell)
    if !isQuick { try checkSums(tell) }
    if !console.printsNames { try writer.finish() }
    outcome.disagreements = disagreements
    if console.drawsTable {
      if outcome.disagreements > 0 { try console.line() }
      try console.wrapped(outcome.summary)
    }
    return outcome
  }

  /// From the index to the files.
  private func checkScorings(_ outcome: inout Outcome, _ tell: (Disagreement) throws -> Void) throws {
    let total = try reader.totals().bundles
    let done = BundleComparison(layout: layout, reader: reader, isQuick: isQuick)
    var last: Int64 = 0
    while true {
      let page = try reader.currentBundles(after: last, limit: Self.pageSize)
      guard let end = page.last else { return }
      last = end.id
      for bundle in page {
        outcome.bundles += 1
        progress("labels", outcome.bundles, total)
        if let disagreement = try labels(of: bundle) { try tell(disagreement) } else { outcome.labels += 1 }
        switch try done.find(bundle) {
        case .there: break
        case .active: outcome.active += 1
        case .nowhere where isExpired(bundle): outcome.expired += 1
        case .nowhere:
          try tell(
            Disagreement(
              .missing, .bundle, "\(layout.done.lastPathComponent)/\(bundle.name)", of: bundle,
              "the bundle is not there", expected: bundle.digest))
        }
      }
    }
  }

  /// Whether the daemon deletes a bundle of this age.
  private func isExpired(_ bundle: IndexedBundle) -> Bool {
    doneDays > 0 && bundle.scored < now.addingTimeInterval(-86_400 * Double(doneDays))
  }

  /// What is the matter with a scoring's labels; nil where nothing is.
  private func labels(of bundle: IndexedBundle) throws -> Disagreement? {
    guard try compareLabels(bundle) != nil else { return nil }
    // The daemon may have written them between the two readings, and a probe's or another model's are as good.
    guard let again = try reader.currentBundles(after: bundle.id - 1, limit: 1).first, again.id == bundle.id else {
      return nil
    }
    return try compareLabels(again)
  }

  private func compareLabels(_ bundle: IndexedBundle) throws -> Disagreement? {
    let url = layout.root.appendingPathComponent(bundle.labelFile)
    guard FolderEntry(FileName(url.lastPathComponent), in: url.deletingLastPathComponent()) != nil else {
      return Disagreement(.missing, .labels, bundle.labelFile, of: bundle, "the labels are not there")
    }
    guard !isQuick else { return nil }
    do {
      try LabelComparison(
        bundle: bundle, reader: reader, url: url, file: bundle.labelFile,
        comparesStability: !reader.isProbePending(bundle)
      ).run()
      return nil
    } catch let disagreement as Disagreement {
      return disagreement
    } catch let error as StorageError {
      return Disagreement(.labels, bundle.labelFile, of: bundle, unreadable: error)
    }
  }

  /// From the files in `done` to the index.
  private func checkDone(_ outcome: inout Outcome, _ tell: (Disagreement) throws -> Void) throws {
    let comparison = BundleComparison(layout: layout, reader: reader, isQuick: isQuick)
    var count = 0
    try FolderListing.forEach(in: layout.done) { name in
      guard BundleFileName(name.bytes) != .ignored else { return }
      count += 1
      progress("bundles", count, 0)
      if let disagreement = try comparison.check(name) { try tell(disagreement) } else { outcome.files += 1 }
    }
  }

  /// From the label files to the index.
  private func checkLabels(_ tell: (Disagreement) throws -> Void) throws {
    let folder = layout.labels.lastPathComponent
    try FolderListing.forEach(in: layout.labels) { name in
      // What is hidden is being written.
      guard name.bytes.first != UInt8(ascii: ".") else { return }
      let file = "\(folder)/\(name.shown)"
      if let text = name.text {
        if try reader.knows(labelFile: "\(folder)/\(text)") || isBeingScored(text) { return }
        // It may have been recorded between the two looks.
        if try reader.knows(labelFile: "\(folder)/\(text)") { return }
      }
      try tell(Disagreement(.unknown, .labels, file, "the index does not know them"))
    }
  }

  /// From the index's sums to its rows.
  private func checkSums(_ tell: (Disagreement) throws -> Void) throws {
    for (table, rows) in try reader.wrongSums(progress: { progress("sums", $0, $1) }) {
      try tell(
        Disagreement(
          .changed, .index, layout.index.lastPathComponent,
          "sums do not agree with the utterances: 'ambd --rebuild-index' makes the index anew",
          found: "\(NumberText.count(rows, "differing row")) of \(table)"))
    }
  }

  /// Whether labels are those of a bundle that the daemon has in hand: they are written before the index is.
  private func isBeingScored(_ labels: String) throws -> Bool {
    var isActive = false
    try FolderListing.forEach(in: layout.active) { name in
      let stem = BundleName(name).stem
      if labels == stem || labels.hasPrefix(stem + ".") || labels.hasPrefix(stem + "~") { isActive = true }
    }
    return isActive
  }
}

extension SpoolVerification.Outcome {
  /// What was looked at and what it came to, in a sentence or three.
  public var summary: String {
    let agreeing = "\(NumberText.count(labels, "label file")) and \(NumberText.count(files, "file")) in done"
    let result = disagreements == 0 ? "no disagreement" : NumberText.count(disagreements, "disagreement")
    var text =
      "\(NumberText.count(bundles, "scored bundle")): \(agreeing) agree with the index"
      + "\(isQuick ? " by name and size" : ""); \(result)."
    if expired > 0 {
      text += " \(NumberText.count(expired, "bundle")) gone from done, as retention.done_days = \(doneDays) wants it."
    }
    if active > 0 { text += " \(NumberText.count(active, "bundle")) still in the daemon's hands." }
    return text
  }
}
