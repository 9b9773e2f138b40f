import AmbqConfiguration
import DialogueDomain
import Foundation
import ResultIndex

/// Tells when the daemon has nothing left to score.
public struct QueueWatch: Sendable {
  private let location: ResultLocation

  /// - Throws: `QueryError` where it is not known which spool the index belongs to, `IndexError`.
  public init(_ location: ResultLocation) throws {
    self.location = location
    guard try SystemStatus(location).spool != nil else {
      throw QueryError(
        usage: "it is not known which spool's queue to watch", remedy: "Name it with --spool DIR.")
    }
  }

  /// Whether no bundle waits or is being scored; those that are held, deferred or have failed are not waited for.
  ///
  /// - Throws: `NoDaemonError` where bundles wait and no daemon takes them, `IndexError`.
  public func isIdle() throws -> Bool {
    let status = try SystemStatus(location)
    let waiting = status.waiting
    guard waiting > 0 else { return true }
    if status.isWithoutDaemon { throw NoDaemonError(waiting: waiting) }
    return false
  }
}

/// Bundles wait, and no daemon is there to score them.
public struct NoDaemonError: Error {
  /// For people.
  public let explanation: String

  init(waiting: Int) {
    explanation =
      waiting == 1
      ? "no daemon is running, and a bundle waits" : "no daemon is running, and \(waiting) bundles wait"
  }
}
