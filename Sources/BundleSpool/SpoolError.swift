import DialogueDomain

/// Something about the spool itself is wrong.
public struct SpoolError: ExplainedError {
  public let explanation: Explanation
  public let isTransient: Bool

  init(
    _ kind: Explanation.Kind, _ what: String, at location: String? = nil, found: String? = nil,
    expected: String? = nil, remedy: String? = nil, isTransient: Bool = false
  ) {
    explanation = Explanation(kind, what, at: location, found: found, expected: expected, remedy: remedy)
    self.isTransient = isTransient
  }
}
