import AmbqConfiguration
import Corrections
import DialogueDomain
import Foundation
import OperatingSystem
import ResultIndex

/// Compares the records of corrections with what the index has of them.
struct CorrectionComparison {
  let layout: SpoolLayout
  let reader: IndexReader
  /// Whether names have to do, and nothing is read.
  let isQuick: Bool

  private var records: CorrectionRecords { CorrectionRecords(layout.corrections) }

  func check(_ tell: (Disagreement) throws -> Void) throws {
    let known = Set(try reader.correctionFiles())
    for name in known.sorted() {
      if let disagreement = try compare(name) { try tell(disagreement) }
    }
    for name in try records.names() where !known.contains(name) {
      // It may have been taken since the index was asked: the daemon writes the record first.
      guard try reader.corrections(ofFile: name).isEmpty else { continue }
      try tell(Disagreement(.unknown, .corrections, file(name), "the index does not know them"))
    }
  }

  private func compare(_ name: String) throws -> Disagreement? {
    guard records.holds(name) else {
      return Disagreement(.missing, .corrections, file(name), "the record of corrections is not there")
    }
    if isQuick { return nil }
    do {
      let (found, expected) = (try records.read(name), try reader.corrections(ofFile: name))
      if try CorrectionRecords.content(found) == CorrectionRecords.content(expected) { return nil }
      let line = try zip(found, expected).firstIndex {
        try CorrectionRecords.content([$0]) != CorrectionRecords.content([$1])
      }
      return Disagreement(
        .changed, .corrections, file(name),
        line.map { "its line \($0 + 1) is not what the index has" } ?? "it has not as many lines as the index",
        found: "\(found.count) lines", expected: "\(expected.count)")
    } catch let error as any ExplainedError where !(error is IndexError) {
      return Disagreement(.corrections, file(name), unreadable: error)
    }
  }

  private func file(_ name: String) -> String { "\(layout.corrections.lastPathComponent)/\(name)" }
}

extension Sequence {
  fileprivate func firstIndex(where holds: (Element) throws -> Bool) rethrows -> Int? {
    try enumerated().first { try holds($0.element) }?.offset
  }
}
