import DialogueDomain
import Foundation

/// What is known of a deferred bundle: `<name>.deferral.json` beside it.
public struct DeferralNote: Codable, Sendable, Hashable {
  /// Whose fault the trouble is.
  public enum Cause: String, Codable, Sendable {
    /// The bundle's own: it is busy, or cannot be read just now. Such bundles are given up in the end.
    case bundle
    /// The machine's: a full disk, a locked index. No bundle is given up for that.
    case machine = "house"
  }

  /// The bundle's name, which its file here bears too unless that was taken.
  public var bundle: String
  /// When it came into the spool.
  public var arrived: Date
  /// Tries in vain so far.
  public var tries: Int
  /// When the bundle's own trouble began; nil where it had none.
  public var troubledSince: Date?
  /// When it is tried again.
  public var next: Date
  public var cause: Cause
  /// The last trouble.
  public var trouble: Explanation

  /// The note after one more try in vain.
  ///
  /// - Returns: nil where the policy says to give up.
  public init?(
    after trouble: Explanation, cause: Cause, of claimed: ClaimedBundle, at now: Date, policy: DeferralPolicy
  ) {
    let earlier = claimed.note
    bundle = claimed.name.text
    arrived = claimed.arrived
    tries = (earlier?.tries ?? 0) + 1
    troubledSince = earlier?.troubledSince ?? (cause == .bundle ? now : nil)
    if cause == .bundle, let since = troubledSince, now.timeIntervalSince(since) >= policy.giveUpAfter { return nil }
    next = now.addingTimeInterval(policy.wait(afterTries: tries))
    self.cause = cause
    self.trouble = trouble
  }
}
