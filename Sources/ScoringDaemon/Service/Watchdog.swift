import Foundation
import Synchronization

/// Feeds the service manager's watchdog from a thread of its own, for as long as the daemon gets on.
///
/// One bundle may take longer to score than the watchdog waits, so the signs of life do not come from the main loop; but
/// they end when that has not moved for the time a step may take.
public final class Watchdog: Sendable {
  private struct State {
    var last = ContinuousClock.now
    var patience = Duration.seconds(3600)
    var isRunning = false
  }

  private let state = Mutex(State())

  public init() {}

  /// Starts feeding where the manager has a watchdog; a second time only takes the new patience.
  ///
  /// - Parameter patience: seconds without progress after which the daemon counts as hung.
  public func start(_ notifier: ServiceNotifier, patience: Double) {
    guard let interval = notifier.watchdogSeconds else { return }
    let wasRunning = state.withLock { state in
      state.patience = .seconds(patience)
      defer { state.isRunning = true }
      return state.isRunning
    }
    guard !wasRunning else { return }
    Thread.detachNewThread { [weak self] in
      // Ends with the daemon, at the latest half an interval after it.
      while let isAlive = self?.isAlive(at: .now) {
        if isAlive { notifier.notify(.alive) }
        Thread.sleep(forTimeInterval: interval / 2)
      }
    }
  }

  /// Says that the daemon has got on.
  public func progress(at now: ContinuousClock.Instant = .now) {
    state.withLock { $0.last = now }
  }

  func isAlive(at now: ContinuousClock.Instant) -> Bool {
    state.withLock { now - $0.last < $0.patience }
  }
}
