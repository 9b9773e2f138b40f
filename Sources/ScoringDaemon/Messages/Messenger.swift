import AmbqConfiguration
import DialogueDomain
import Foundation
import Logging
import OperatingSystem
import ResultIndex
import Synchronization

/// Tells somebody what the daemon has to say, on a thread of its own: nothing here makes scoring wait.
///
/// The thread lives while messages wait. What cannot be delivered is tried again, later each time, and then given up; the
/// log says so. Messages are not kept over an end of the daemon.
final class Messenger: Sendable {
  private struct State {
    var queue = MessageQueue()
    var settings = AmbdConfiguration.Notify()
    var spool = ""
    var logger: Logger?
    var isRunning = false
    /// Whether what waits has one try more, at once, and then is given up.
    var isDraining = false
    var isStopping = false
  }

  /// Runs a command; the second argument is asked whether to give up.
  typealias Runner = @Sendable (TimedCommand, _ isStopping: () -> Bool) -> TimedCommand.Outcome

  private let run: Runner
  private let state = Mutex(State())

  init(run: @escaping Runner = { $0.run(isStopping: $1) }) {
    self.run = run
  }

  /// Has somebody told of an event, where the settings name a way and ask for its kind, and returns at once.
  func tell(_ event: DaemonEvent, at time: Date, _ settings: AmbdConfiguration, _ logger: Logger) {
    guard settings.notify.isSet, settings.notify.events.contains(event.kind) else { return }
    let mustStart = state.withLock { state in
      guard !state.isStopping else { return false }
      (state.settings, state.spool, state.logger) = (settings.notify, settings.spool.path, logger)
      if let lost = state.queue.add(event, at: time) { Self.log(logger, lost, "too many wait") }
      defer { state.isRunning = true }
      return !state.isRunning
    }
    if mustStart { Thread.detachNewThread { [self] in deliverAll() } }
  }

  /// Ends: what waits is given up, and a program that runs is killed.
  ///
  /// - Parameter drains: whether to wait first until every message has had a try, as a run does that ends by itself.
  func stop(drains: Bool) {
    if drains {
      let limit = state.withLock { state in
        state.isDraining = true
        return state.settings.timeLimitSeconds
      }
      // A hanging program is killed after the limit; another message than its own has a chance, too.
      let end = ContinuousClock.now + .seconds(2 * limit)
      while ContinuousClock.now < end, state.withLock({ $0.isRunning }) { Thread.sleep(forTimeInterval: 0.02) }
    }
    state.withLock { $0.isStopping = true }
    while state.withLock({ $0.isRunning }) { Thread.sleep(forTimeInterval: 0.02) }
  }
}

extension Messenger {
  /// Delivers what waits, one message after the other, until none does.
  private func deliverAll() {
    while let due = nextDue() {
      guard wait(until: due), let (message, settings, spool) = begin() else { continue }
      let body = message.json(spool: spool, host: DaemonHeartbeat.thisHost)
      let command = MessageDelivery(settings: settings).command(body)
      let trouble = run(command) { state.withLock(\.isStopping) }.trouble
      state.withLock { state in
        guard let trouble else {
          state.logger?.info("told", metadata: ["message": "\(message.text)"])
          return state.queue.delivered(at: .now, settings)
        }
        let reason = "\(command.words[0]): \(trouble)"
        if state.queue.failed(at: .now, settings, isLastTry: state.isDraining) {
          Self.log(state.logger, message, reason)
        } else {
          state.logger?.warning(
            "a message could not be delivered and is tried again", metadata: ["reason": "\(reason)"])
        }
      }
    }
  }

  /// When the next message is due; nil where the thread is to end.
  private func nextDue() -> ContinuousClock.Instant? {
    state.withLock { state in
      let due = state.isStopping ? nil : state.queue.due(now: .now)
      if due == nil {
        if !state.queue.isEmpty {
          state.logger?.warning(
            "messages were not delivered before the end", metadata: ["messages": .stringConvertible(state.queue.count)])
        }
        state.isRunning = false
      }
      return due
    }
  }

  /// - Returns: false where the daemon ends meanwhile.
  private func wait(until due: ContinuousClock.Instant) -> Bool {
    while ContinuousClock.now < due, !state.withLock(\.isDraining) {
      if state.withLock(\.isStopping) { return false }
      Thread.sleep(forTimeInterval: 0.1)
    }
    return true
  }

  private func begin() -> (DaemonMessage, AmbdConfiguration.Notify, spool: String)? {
    state.withLock { state in state.queue.begin().map { ($0, state.settings, state.spool) } }
  }

  private static func log(_ logger: Logger?, _ message: DaemonMessage, _ reason: String) {
    logger?.error("a message is given up", metadata: ["message": "\(message.text)", "reason": "\(reason)"])
  }
}

extension TimedCommand.Outcome {
  /// Why the message has not arrived; nil where it has.
  fileprivate var trouble: String? {
    switch self {
    case .ended(0, _): nil
    case .ended(let code, let errors): errors.isEmpty ? "ended with \(code)" : "ended with \(code): \(errors)"
    case .killed(let signal): "was killed by signal \(signal)"
    case .timedOut: "took longer than notify.time_limit_seconds, and was killed"
    case .unstarted(let reason): reason
    case .stopped: "was stopped, since the daemon ends"
    }
  }
}
