import DialogueDomain

/// Stored probe statistics that cannot be read.
public enum ProbeStatisticsError: ExplainedError, Equatable {
  /// The bytes are not what was written.
  case damaged(byte: Int, found: String)
  /// Written by a version of the programs that this one does not know.
  case version(found: Int)

  public var explanation: Explanation {
    switch self {
    case .damaged(let byte, let found):
      Explanation(
        .data, "stored probe statistics are damaged", at: "byte \(byte)", found: found,
        remedy: "Score the bundle again to probe it anew.")
    case .version(let found):
      Explanation(
        .data, "stored probe statistics are of another version", found: "version \(found)",
        expected: "version \(ProbeStatistics.version)",
        remedy: "Use the version of the programs that wrote them, or score the bundle again.")
    }
  }
}
