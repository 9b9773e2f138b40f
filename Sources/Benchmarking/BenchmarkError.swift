import DialogueDomain
import Foundation

/// A program under measurement did not do its part.
public struct BenchmarkError: ExplainedError {
  public let explanation: Explanation

  init(_ what: String, program: URL) {
    explanation = Explanation(.io, what, at: program.path, remedy: "Run it by hand to see what it says.")
  }
}
