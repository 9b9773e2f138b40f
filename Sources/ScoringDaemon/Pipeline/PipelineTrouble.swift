import BundleSpool
import DialogueDomain

/// An error on a bundle's way, and whose it is.
struct PipelineTrouble: Error {
  let cause: DeferralNote.Cause
  let explanation: Explanation
  /// Whether a later try may succeed.
  let isTransient: Bool

  /// Decides whose an error is.
  ///
  /// One of reading or scoring is the bundle's. So is one of writing results where it says that the content is
  /// wrong; all others of writing are the house's, and no bundle must suffer for them.
  init(_ error: any Error, while cause: DeferralNote.Cause) {
    guard let explained = error as? any ExplainedError else {
      explanation = Explanation(cause == .bundle ? .data : .io, "unexpected error: \(error)")
      isTransient = cause == .house
      self.cause = cause
      return
    }
    explanation = explained.explanation
    let isAboutContent = !explained.isTransient && [.data, .usage].contains(explanation.kind)
    self.cause = cause == .house && isAboutContent ? .bundle : cause
    isTransient = self.cause == .house || explained.isTransient
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
