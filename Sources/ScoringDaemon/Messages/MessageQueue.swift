import AmbqConfiguration
import Foundation

/// The messages that wait to be delivered: which is next and when, and how many tries it has left.
///
/// Pure reckoning.
struct MessageQueue {
  /// The most messages that wait; of more, the oldest is given up.
  static let capacity = 16

  private var waiting: [DaemonMessage] = []
  private var tries = 0
  private var notBefore: ContinuousClock.Instant?
  /// Whether the first one is being delivered: nothing is added to it any more.
  private var isUnderWay = false

  var isEmpty: Bool { waiting.isEmpty }
  var count: Int { waiting.count }

  /// - Returns: a message that is given up for it.
  mutating func add(_ event: DaemonEvent, at time: Date) -> DaemonMessage? {
    for place in waiting.indices where !(place == 0 && isUnderWay) {
      if waiting[place].take(event) { return nil }
    }
    waiting.append(DaemonMessage(event, at: time))
    guard waiting.count > Self.capacity else { return nil }
    return waiting.remove(at: isUnderWay ? 1 : 0)
  }

  /// When the next message may be delivered; nil where none waits.
  func due(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    waiting.isEmpty ? nil : notBefore ?? now
  }

  /// The next message, which is then under way.
  mutating func begin() -> DaemonMessage? {
    isUnderWay = !waiting.isEmpty
    return waiting.first
  }

  /// The message that was under way has arrived.
  mutating func delivered(at now: ContinuousClock.Instant, _ settings: AmbdConfiguration.Notify) {
    settle()
    notBefore = now + .seconds(settings.intervalSeconds)
  }

  /// It has not.
  ///
  /// - Returns: whether it is given up.
  mutating func failed(
    at now: ContinuousClock.Instant, _ settings: AmbdConfiguration.Notify, isLastTry: Bool = false
  ) -> Bool {
    tries += 1
    guard tries < settings.tries, !isLastTry else {
      settle()
      notBefore = now + .seconds(settings.intervalSeconds)
      return true
    }
    isUnderWay = false
    // Twice as long each time, an hour at the most.
    notBefore = now + .seconds(min(settings.retrySeconds * pow(2, Double(tries - 1)), 3600))
    return false
  }

  private mutating func settle() {
    waiting.removeFirst()
    tries = 0
    isUnderWay = false
  }
}
