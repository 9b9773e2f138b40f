import DialogueDomain
import Foundation

/// A bundle that could not be scored.
public struct FailureRecord: Sendable, Hashable {
  public enum State: String, Sendable, CaseIterable {
    /// Put into `failed/`: it stays there until somebody acts.
    case failed
    /// Put into `deferred/`: the daemon tries again by itself.
    case deferred
  }

  /// The bundle's file name.
  public var name: String
  /// SHA-256 of the file, where it could be read at all.
  public var digest: String?
  public var state: State
  public var time: Date
  public var explanation: Explanation

  public init(name: String, digest: String?, state: State = .failed, time: Date, explanation: Explanation) {
    self.name = name
    self.digest = digest
    self.state = state
    self.time = time
    self.explanation = explanation
  }
}
