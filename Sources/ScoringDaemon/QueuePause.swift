import BundleSpool
import DialogueDomain
import Foundation
import Logging

/// Waits between tries of something that meets trouble again and again, longer each time.
struct BackOff {
  private(set) var until: Date?
  /// How often in a row something met trouble.
  private(set) var tries = 0

  func isOver(at now: Date) -> Bool {
    until.map { $0 <= now } ?? true
  }

  /// When the wait ends; nil where it has.
  func end(after now: Date) -> Date? {
    isOver(at: now) ? nil : until
  }

  mutating func begin(at now: Date, policy: DeferralPolicy) {
    tries += 1
    until = now.addingTimeInterval(policy.wait(afterTries: tries))
  }

  /// The clock was set back: the wait ends here.
  mutating func clockWasSetBack(to now: Date) {
    until = until.map { min($0, now) }
  }

  /// What met trouble has gone well.
  mutating func end() {
    self = BackOff()
  }
}

/// Stops scoring and probing while something other than a bundle is at fault, so that one full disk does not touch every
/// bundle.
final class QueuePause {
  private let spool: Spool
  private let surroundings: DaemonSurroundings
  private var backOff = BackOff()
  private(set) var reason = ""

  init(_ spool: Spool, _ surroundings: DaemonSurroundings) {
    self.spool = spool
    self.surroundings = surroundings
  }

  var until: Date? { backOff.until }

  /// Whether the last thing that was tried met trouble that is no bundle's fault.
  var isTroubled: Bool { backOff.tries > 0 }

  func isOver(at now: Date) -> Bool { backOff.isOver(at: now) }

  func clockWasSetBack(to now: Date) { backOff.clockWasSetBack(to: now) }

  /// Pauses, longer than the last time.
  func begin(_ explanation: Explanation, _ parts: DaemonParts) {
    let now = surroundings.now()
    backOff.begin(at: now, policy: parts.deferral)
    reason = explanation.message
    let until = backOff.until ?? now
    parts.logger.error(
      "paused: \(explanation.what)",
      metadata: explanation.logged.merging(["until": "\(until.formatted(.iso8601))"]) { $1 })
    surroundings.notifier.notify(.alive, status: "paused: \(explanation.message)")
    // What is over by the second try is nobody's trouble.
    if backOff.tries == 2 { surroundings.messages.tell(.paused(explanation), at: now, parts.settings, parts.logger) }
  }

  /// Something has gone well: nothing is at fault any more.
  func end(_ parts: DaemonParts) {
    guard isTroubled else { return }
    if backOff.tries > 1 {
      surroundings.messages.tell(.resumed, at: surroundings.now(), parts.settings, parts.logger)
    }
    backOff.end()
    reason = ""
    parts.logger.notice("the queue goes on")
    surroundings.notifier.notify(.alive, status: "watching \(spool.layout.incoming.path)")
  }

  /// Why a run that ends when nothing is left to do ends here.
  var error: DaemonError {
    DaemonError(
      .io, "the queue is paused: \(reason)", at: spool.layout.root.path,
      remedy: "Mend that and start again; no bundle is lost.")
  }
}
