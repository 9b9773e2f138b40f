import BundleSpool
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

extension DaemonError {
  /// Each run that had the bundle in hand came to an end that was not its own.
  static func died(over claimed: ClaimedBundle) -> DaemonError {
    DaemonError(
      .data, "the daemon died on this file three times", at: claimed.name.text,
      remedy:
        "Look at it with 'ambtrain check'; the system's log says whether memory ran out. Move it back into incoming to "
        + "try again.")
  }
}

extension Explanation {
  /// What an error says of itself, or its bare text under a kind.
  init(of error: any Error, otherwise kind: Explanation.Kind) {
    self = (error as? any ExplainedError)?.explanation ?? Explanation(kind, "\(error)")
  }
}
