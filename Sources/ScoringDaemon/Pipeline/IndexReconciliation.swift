import BundleSpool
import Corrections
import DialogueDomain
import Foundation
import LabelFiles
import Logging
import ResultIndex

/// Finds the bundles in `done` that the index knows nothing of, and has them scored again: after an index was lost, replaced
/// by an older copy or made anew.
///
/// Scoring gives the same labels from the same bytes, so what comes back is what was there.
struct IndexReconciliation {
  let spool: Spool
  let index: IndexWriter
  let logger: Logger

  /// What is in order when this returns: every bundle in `done` has its rows, or waits to be scored again.
  ///
  /// - Throws: `IndexError`, or `StorageError` where a folder cannot be read or a bundle not be moved.
  func run() throws {
    let done = try spool.doneBundles()
    let known = try index.knownFiles()
    let missing = done.filter { !isKnown($0, known) }.sorted()
    var takenBack = 0
    for name in missing where try spool.takeBack(name) { takenBack += 1 }
    if !missing.isEmpty {
      logger.warning(
        "bundles in done that the index does not know are scored again",
        metadata: [
          "bundles": .stringConvertible(takenBack), "first": "\(missing[0].shown)",
          "left_in_done": .stringConvertible(missing.count - takenBack),
        ])
    }
    try recordFailures()
    try recordCorrections()
  }

  /// Records of corrections that the index does not have, whether or not it knows their bundles yet.
  private func recordCorrections() throws {
    let records = CorrectionRecords(spool.layout.corrections)
    let known = try index.knownCorrectionFiles()
    for name in try records.names() where !known.contains(name) {
      do {
        try index.record(records.read(name), file: name)
      } catch let error as CorrectionError {
        logger.error(
          "a record of corrections is passed over: \(error.explanation.what)", metadata: error.explanation.logged)
      }
    }
  }

  private func isKnown(_ name: FileName, _ known: (names: Set<String>, labelFiles: Set<String>, digests: Set<String>))
    -> Bool
  {
    // Names that are not UTF-8 were never given to a bundle in done.
    guard let text = name.text else { return true }
    if known.names.contains(text) { return true }
    // One whose labels lie under another name, and whose own name was taken in done.
    if let mark = BundleName(name).digestMark, known.names.contains(mark.name), known.digests.contains(mark.digest) {
      return true
    }
    let stem = BundleName(name).stem
    return LabelLayout.allCases.contains { layout in
      let file = LabelFileWriter(folder: spool.layout.labels, layout: layout).name(stem: stem)
      return known.labelFiles.contains("\(spool.layout.labels.lastPathComponent)/\(file)")
    }
  }

  /// Failures whose reports lie in `failed` and that the index does not know.
  private func recordFailures() throws {
    let known = try index.failureNames()
    for name in try spool.failedBundles() where !known.contains(name) {
      guard let report = spool.report(beside: name), !known.contains(report.bundle) else { continue }
      try index.recordFailure(
        FailureRecord(name: report.bundle, digest: report.digest, time: report.time, explanation: report.explanation))
    }
  }
}
