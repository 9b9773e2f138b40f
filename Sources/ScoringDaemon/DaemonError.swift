import DialogueDomain

/// The daemon cannot start or go on.
public struct DaemonError: ExplainedError {
  public let explanation: Explanation

  init(
    _ kind: Explanation.Kind, _ what: String, at location: String? = nil, found: String? = nil,
    expected: String? = nil, remedy: String? = nil
  ) {
    explanation = Explanation(kind, what, at: location, found: found, expected: expected, remedy: remedy)
  }
}
