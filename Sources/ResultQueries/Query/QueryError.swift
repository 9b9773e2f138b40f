import DialogueDomain

/// A question that makes no sense, or an answer that could not be written.
public struct QueryError: ExplainedError {
  public let explanation: Explanation

  init(usage what: String, found: String? = nil, expected: String? = nil, remedy: String? = nil) {
    explanation = Explanation(.usage, what, found: found, expected: expected, remedy: remedy)
  }

  /// A file that does not hold what it should.
  init(data what: String, at location: String, found: String? = nil, expected: String) {
    explanation = Explanation(.data, what, at: location, found: found, expected: expected)
  }

  /// Of any other kind.
  init(_ explanation: Explanation) {
    self.explanation = explanation
  }

  /// Something that could not be written.
  init(io what: String, at location: String, found: String) {
    explanation = Explanation(.io, what, at: location, found: found)
  }
}
