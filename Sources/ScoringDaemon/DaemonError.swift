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

extension Explanation {
  /// What an error says of itself, or its bare text under a kind.
  init(of error: any Error, otherwise kind: Explanation.Kind) {
    self = (error as? any ExplainedError)?.explanation ?? Explanation(kind, "\(error)")
  }
}
