import BundleSpool
import Dispatch
import Foundation
import Logging
import ResultIndex
import Synchronization

/// What is left to say and to do where the daemon is told to stop in the midst of something long: of scoring, of reading, of
/// a probe.
///
/// The process then ends at once. Nothing is lost by that: the bundle in hand lies in `active`, and the next run begins it
/// anew.
public final class LastWords: Sendable {
  private struct State {
    var heartbeat: (record: DaemonHeartbeat, index: IndexWriter)?
    var logger: Logger?
    var inHand: (bundle: ClaimedBundle, spool: Spool, since: ContinuousClock.Instant)?
    /// Whether the bundle in hand has been counted as one that this run may end over.
    var isCounted = false
    /// Whether a look at what is in hand is on its way.
    var isLooking = false
  }

  /// A bundle that has been in hand for so long may be why the run ends.
  static let longInHand = Duration.seconds(2)

  private let state = Mutex(State())

  /// What the daemon last told the index.
  func note(_ record: DaemonHeartbeat, _ index: IndexWriter, _ logger: Logger) {
    state.withLock { state in
      state.heartbeat = (record, index)
      state.logger = logger
    }
  }

  /// A bundle is taken in hand.
  func begin(_ bundle: ClaimedBundle, _ spool: Spool) {
    let mustLook = state.withLock { state in
      state.inHand = (bundle, spool, .now)
      state.isCounted = false
      defer { state.isLooking = true }
      return !state.isLooking
    }
    if mustLook { lookLater() }
  }

  /// The bundle has come to an end.
  ///
  /// - Returns: whether it was counted meanwhile as one that this run may end over.
  func end() -> Bool {
    state.withLock { state in
      state.inHand = nil
      return state.isCounted
    }
  }

  private func lookLater() {
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + .seconds(2)) { [self] in look() }
  }

  /// Counts the bundle that is in hand where it has been for long.
  ///
  /// One look is on its way at a time, however many bundles come and go.
  private func look() {
    let goesOn = state.withLock { state in
      guard let (bundle, spool, since) = state.inHand, !state.isCounted else {
        state.isLooking = false
        return false
      }
      guard .now - since >= Self.longInHand else { return true }
      spool.countDeath(over: bundle)
      state.isCounted = true
      state.isLooking = false
      return false
    }
    if goesOn { lookLater() }
  }

  /// Tells log and index that the daemon stops, from any thread.
  public func speak() {
    let state = state.withLock { $0 }
    if state.isCounted { state.inHand?.spool.forgetDeaths() }
    state.logger?.notice(
      "stopped at once",
      metadata: state.inHand.map { ["begun_anew_by_the_next_run": "\($0.bundle.name.text)"] } ?? [:])
    guard let (heartbeat, index) = state.heartbeat else { return }
    var record = heartbeat
    record.stopped = Date()
    record.activity = "stopped"
    try? index.recordHeartbeat(record)
  }
}
