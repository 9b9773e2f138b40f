import BundleSpool
import Foundation

/// Stops the queue while the house has trouble, longer each time, so that one full disk does not touch every bundle.
struct QueuePause {
  private(set) var until: Date?
  private(set) var reason = ""
  /// How often in a row something met trouble.
  private(set) var tries = 0

  /// Whether the last thing that was tried met trouble of the house.
  var isTroubled: Bool { tries > 0 }

  func isOver(at now: Date) -> Bool {
    until.map { $0 <= now } ?? true
  }

  /// When the pause ends; nil where it has.
  func end(after now: Date) -> Date? {
    isOver(at: now) ? nil : until
  }

  mutating func begin(_ reason: String, at now: Date, policy: DeferralPolicy) {
    tries += 1
    until = now.addingTimeInterval(policy.wait(afterTries: tries))
    self.reason = reason
  }

  /// The clock was set back: the pause ends here.
  mutating func clockWasSetBack(to now: Date) {
    until = until.map { min($0, now) }
  }

  /// The house is in order again.
  mutating func end() {
    self = QueuePause()
  }
}
