import DialogueDomain

/// A setting of the probes that makes no sense.
public struct ProbePlanError: ExplainedError, Equatable {
  /// The setting's name in the configuration.
  public let setting: String
  public let found: String
  public let expected: String

  public init(setting: String, found: String, expected: String) {
    self.setting = setting
    self.found = found
    self.expected = expected
  }

  public var explanation: Explanation {
    Explanation(
      .usage, "a probe setting makes no sense", at: "probes.\(setting)", found: found, expected: expected)
  }
}
