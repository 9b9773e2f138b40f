import AmbqConfiguration
import DialogueDomain
import Foundation
import Testing

@testable import ScoringDaemon

/// What waits to be told, in which order, and for how long: no program is run here.
struct MessageQueueTests {
  private let start = ContinuousClock.now
  private let time = Date(timeIntervalSince1970: 0)
  private let settings: AmbdConfiguration.Notify

  init() {
    var settings = AmbdConfiguration.Notify()
    (settings.tries, settings.retrySeconds, settings.intervalSeconds) = (4, 10, 60)
    self.settings = settings
  }

  private func failed(_ name: String) -> DaemonEvent { .failed(bundle: name, Explanation(.data, "no bundle")) }

  @Test func nothingWaitsAtFirst() {
    var queue = MessageQueue()
    let first = queue.begin()
    #expect(first == nil && queue.due(now: start) == nil)
  }

  @Test func bundlesThatFailMeanwhileAreOneMessage() {
    var queue = MessageQueue()
    for number in 0..<1000 { _ = queue.add(failed("\(number)"), at: time) }
    let first = queue.begin()
    #expect(first?.count == 1000 && first?.events.count == DaemonMessage.mostNamed)
    // What is under way is not added to any more.
    _ = queue.add(failed("late"), at: time)
    #expect(queue.count == 2)
    queue.delivered(at: start, settings)
    let second = queue.begin()
    #expect(second?.events == [failed("late")])
  }

  @Test func betweenTwoMessagesThereIsAPause() {
    var queue = MessageQueue()
    _ = queue.add(.resumed, at: time)
    #expect(queue.due(now: start) == start)
    _ = queue.begin()
    queue.delivered(at: start, settings)
    _ = queue.add(.resumed, at: time)
    #expect(queue.due(now: start) == start + .seconds(60))
  }

  @Test func eachFurtherTryIsLaterAndTheLastGivesUp() {
    var queue = MessageQueue()
    _ = queue.add(.resumed, at: time)
    _ = queue.add(failed("next"), at: time)
    for wait in [10.0, 20, 40] {
      _ = queue.begin()
      let isGivenUp = queue.failed(at: start, settings)
      #expect(!isGivenUp && queue.due(now: start) == start + .seconds(wait))
    }
    _ = queue.begin()
    let isGivenUp = queue.failed(at: start, settings)
    #expect(isGivenUp && queue.count == 1)
    // The next one begins with all of its tries.
    _ = queue.begin()
    let isNextGivenUp = queue.failed(at: start, settings)
    #expect(!isNextGivenUp)
  }

  @Test func aLastTryIsTheLast() {
    var queue = MessageQueue()
    _ = queue.add(.resumed, at: time)
    _ = queue.begin()
    let isGivenUp = queue.failed(at: start, settings, isLastTry: true)
    #expect(isGivenUp && queue.isEmpty)
  }

  @Test func ofTooManyTheOldestThatIsNotUnderWayIsGivenUp() {
    var queue = MessageQueue()
    let paused = DaemonEvent.paused(Explanation(.io, "the disk is full"))
    _ = queue.add(paused, at: time)
    _ = queue.begin()
    var lost: [DaemonMessage?] = []
    for _ in 0..<MessageQueue.capacity { lost.append(queue.add(.resumed, at: time)) }
    #expect(lost.dropLast().allSatisfy { $0 == nil } && lost.last??.events == [.resumed])
    #expect(queue.count == MessageQueue.capacity)
    let underWay = queue.begin()
    #expect(underWay?.events == [paused])
  }
}
