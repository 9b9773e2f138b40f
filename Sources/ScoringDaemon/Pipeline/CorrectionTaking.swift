import BundleSpool
import Corrections
import DialogueDomain
import Foundation
import OperatingSystem
import ResultExport
import ResultIndex

/// The way of a file of corrections, or of an export in which labels were corrected: read, record durable, index committed,
/// file to `done`, where its name says what it is.
///
/// The record, with what the corrections mean by the index of that moment, is named after the file, so that a file which
/// is taken up again after a crash makes the same one. It stays when the index is made anew and when `done` is emptied.
extension BundlePipeline {
  /// Takes a claimed file of corrections to whatever end it has.
  ///
  /// - Throws: only what `checkpoint` throws.
  func takeCorrections(_ claimed: ClaimedBundle) throws -> BundleOutcome {
    try checkpoint(.read)
    let records = CorrectionRecords(spool.layout.corrections)
    do {
      let file = try file(claimed)
      let name = CorrectionRecords.name(of: file)
      let corrections = try corrections(of: file, records, name)
      // Of an export in which nothing was changed there is nothing to keep.
      let isEmpty = corrections.isEmpty
      try checkpoint(.labels)
      try PipelineTrouble.attribute(to: .machine) {
        if !isEmpty, !records.holds(name) { try records.write(corrections, as: name) }
      }
      try checkpoint(.index)
      let isNew = try PipelineTrouble.attribute(to: .machine) {
        try isEmpty ? false : index.record(corrections, file: name)
      }
      let variants = claimed.name.asCorrections.variants(digest: file.digest)
      let done = try PipelineTrouble.attribute(to: .machine) {
        try variants.first { try spool.isDoneNameFree($0, digest: file.digest) } ?? variants[variants.count - 1]
      }
      try PipelineTrouble.attribute(to: .machine) {
        try index.resolveFailures(of: [claimed.name.text])
      }
      try finish(claimed, as: done)
      return try ending(.corrected(isNew ? corrections : [], record: isEmpty ? nil : name))
    } catch let trouble as PipelineTrouble {
      return try settled(trouble, of: claimed)
    }
  }

  /// What the file says: its own lines, or what was changed in an export.
  private func file(_ claimed: ClaimedBundle) throws(PipelineTrouble) -> CorrectionFile {
    do {
      return try CorrectionFile(claimed.url, mostBytes: CorrectedExport.mostBytes) { data in
        try CorrectedExport.requests(ofFile: data, name: claimed.name.text) {
          try IndexReader(spool.layout.index, matching: matching)
        }
      }
    } catch let fault as CorrectionFault {
      throw trouble(fault)
    } catch {
      throw PipelineTrouble(error, while: error is IndexError ? .machine : .bundle)
    }
  }

  /// An unknown dialogue may be in one of the bundles that wait.
  private func trouble(_ fault: CorrectionFault) -> PipelineTrouble {
    PipelineTrouble(fault, while: .bundle, isTransient: fault.isOfUnknownDialogue && othersWait())
  }

  /// What an earlier run has recorded of the file, else what it means now.
  private func corrections(
    of file: CorrectionFile, _ records: CorrectionRecords, _ name: String
  ) throws(PipelineTrouble) -> [Correction] {
    if records.holds(name) {
      return try PipelineTrouble.attribute(to: .machine) { try records.read(name) }
    }
    let taken = now()
    do {
      let found = try index.resolve(file.requests, matching: matching)
      return zip(file.requests, found).map { request, found in
        Correction(
          bundleDigest: found.target.bundleDigest, dialogue: found.target.dialogue, utterance: found.target.utterance,
          emotion: found.emotion, by: request.by ?? file.account,
          // Nobody speaks from the future, where no later word could reach them.
          at: min(request.at ?? file.modified, taken), account: file.account, taken: taken)
      }
    } catch let fault as CorrectionFault {
      throw trouble(fault)
    } catch {
      throw PipelineTrouble(error, while: .machine)
    }
  }
}
