import DialogueDomain

/// Something in a configuration is wrong: a key, a value, or the file itself.
public struct ConfigurationError: ExplainedError {
  public let explanation: Explanation

  init(
    _ what: String, kind: Explanation.Kind = .usage, at location: String? = nil, found: String? = nil,
    expected: String? = nil, remedy: String? = nil
  ) {
    explanation = Explanation(kind, what, at: location, found: found, expected: expected, remedy: remedy)
  }
}
