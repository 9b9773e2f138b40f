import BundleSpool
import DialogueDomain
import Foundation
import ResultIndex

/// An error on a bundle's way, and whose it is.
struct PipelineTrouble: Error {
  let cause: DeferralNote.Cause
  let explanation: Explanation
  /// Whether a later try may succeed.
  let isTransient: Bool

  /// Decides whose an error is.
  ///
  /// One of reading or scoring is the bundle's. So is one of writing results where it says that the content is
  /// wrong; all others of writing are the machine's, and no bundle must suffer for them.
  ///
  /// - Parameter isTransient: what the caller knows better than the error; nil where it knows nothing.
  init(_ error: any Error, while cause: DeferralNote.Cause, isTransient known: Bool? = nil) {
    guard let explained = error as? any ExplainedError else {
      explanation = Explanation(cause == .bundle ? .data : .io, "unexpected error: \(error)")
      isTransient = known ?? (cause == .machine)
      self.cause = cause
      return
    }
    explanation = explained.explanation
    let isAboutIndex = (error as? IndexError)?.isAboutBundle == false
    let isAboutContent = !explained.isTransient && [.data, .usage].contains(explanation.kind) && !isAboutIndex
    self.cause = cause == .machine && isAboutContent ? .bundle : cause
    isTransient = known ?? (self.cause == .machine || explained.isTransient)
  }

  /// Runs one stage and says whose its errors are.
  static func attribute<Result>(
    to cause: DeferralNote.Cause, _ stage: () throws -> Result
  ) throws(PipelineTrouble) -> Result {
    do {
      return try stage()
    } catch {
      throw PipelineTrouble(error, while: cause)
    }
  }
}

extension BundlePipeline {
  /// Finds the place of a bundle that met trouble: `failed` for good, `deferred` for another try.
  func settle(_ trouble: PipelineTrouble, of claimed: ClaimedBundle) throws -> BundleOutcome {
    if isStopping() { return .interrupted }
    guard spool.isThere(claimed) else { return .vanished }
    guard trouble.isTransient else { return try quarantine(claimed, trouble.explanation) }
    let note = DeferralNote(
      after: trouble.explanation, cause: trouble.cause, of: claimed, at: now(), policy: policy)
    guard let note else {
      var explanation = trouble.explanation
      explanation.what += ", and has done so for too long"
      return try quarantine(claimed, explanation)
    }
    return try postpone(claimed, note)
  }

  private func quarantine(_ claimed: ClaimedBundle, _ explanation: Explanation) throws -> BundleOutcome {
    let time = now()
    do {
      let (name, digest) = try failedPlace(of: claimed)
      try checkpoint(.report)
      try PipelineTrouble.attribute(to: .machine) {
        try spool.writeReport(FailureReport(explanation, of: claimed, digest: digest, at: time), as: name)
      }
      try checkpoint(.failure)
      try PipelineTrouble.attribute(to: .machine) {
        try index.recordFailure(
          FailureRecord(name: claimed.name.text, digest: digest, time: time, explanation: explanation),
          arrived: claimed.arrived)
      }
      try checkpoint(.failed)
      try PipelineTrouble.attribute(to: .machine) { try spool.moveToFailed(claimed, as: name) }
      return .failed(as: name, explanation)
    } catch let trouble as PipelineTrouble {
      // Not even its failure can be written down: it waits until that can be.
      let cause = trouble.isTransient ? trouble.cause : .machine
      let note = DeferralNote(after: trouble.explanation, cause: cause, of: claimed, at: now(), policy: policy)
      guard let note else { return .stuck(trouble.explanation) }
      return try postpone(claimed, note)
    }
  }

  /// The name in `failed`, and the bytes' digest where they can be read.
  private func failedPlace(of claimed: ClaimedBundle) throws(PipelineTrouble) -> (name: BundleName, digest: String?) {
    do {
      try spool.sync(claimed)
      let digest = try spool.digest(of: claimed)
      return (try spool.failedName(of: claimed, digest: digest), digest)
    } catch {
      if let trouble = waiting(for: error, claimed) { throw trouble }
      return (try PipelineTrouble.attribute(to: .machine) { try spool.failedName(of: claimed, digest: nil) }, nil)
    }
  }

  private func postpone(_ claimed: ClaimedBundle, _ note: DeferralNote) throws -> BundleOutcome {
    try checkpoint(.postpone)
    do {
      let file = try spool.postpone(claimed, note: note)
      if note.cause == .bundle {
        // The bundle waits whether or not the index learns of it.
        try? index.recordFailure(
          FailureRecord(
            name: claimed.name.text, digest: nil, state: .deferred, time: now(), explanation: note.trouble))
      }
      return .deferred(as: file, note)
    } catch {
      return .stuck(PipelineTrouble(error, while: .machine).explanation)
    }
  }
}
