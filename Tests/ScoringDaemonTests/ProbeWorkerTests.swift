import BundleScoring
import DialogueDomain
import Dispatch
import Foundation
import ResultIndex
import Synchronization
import Testing

@testable import ScoringDaemon

struct ProbeWorkerTests {
  private let worker = ProbeWorker()
  private let done = DispatchSemaphore(value: 0)
  private let task = PendingProbe(
    bundle: 1, name: "friday.h5", bundleDigest: "b", modelDigest: "m", plan: "", file: "done/friday.h5",
    labelFile: "labels/friday.tsv")
  private let probed = ProbedBundle(
    scored: ScoredBundle(
      name: "friday.h5", digest: "b", modelName: "m", modelDigest: "m", emotions: EmotionSet(["joy"]), utterances: []),
    statistics: Data())

  private func start(_ work: @escaping @Sendable (@escaping @Sendable () throws -> Void) throws -> Void) {
    worker.start(
      task, on: { work in Thread.detachNewThread { work() } }, whenDone: { [done] in done.signal() },
      work: { [probed] checkpoint in
        try work(checkpoint)
        return probed
      })
  }

  @Test func aHeldProbeStopsAtItsNextCheckpointAndKeepsWhatItHas() {
    let (first, second) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let parts = Mutex(0)
    start { checkpoint in
      try checkpoint()
      parts.withLock { $0 += 1 }
      first.signal()
      second.wait()
      try checkpoint()
      parts.withLock { $0 += 1 }
    }
    first.wait()
    worker.hold(true)
    second.signal()
    // However long one waits here, the second part does not begin.
    #expect(done.wait(timeout: .now() + 0.05) == .timedOut)
    #expect(parts.withLock { $0 } == 1 && worker.finished == nil && worker.task == task)
    worker.hold(false)
    done.wait()
    #expect(parts.withLock { $0 } == 2)
    guard case .found(_, let seconds) = worker.finished?.result else {
      Issue.record("nothing found")
      return
    }
    #expect(seconds >= 0)
    worker.clear()
    #expect(worker.task == nil)
  }

  @Test func severalThreadsOfOneProbeAreHeldAndLetGoTogether() {
    worker.hold(true)
    start { checkpoint in
      let failures = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: 4) { _ in
        do { try checkpoint() } catch { failures.withLock { $0 += 1 } }
      }
      if failures.withLock({ $0 }) > 0 { throw ProbeWorker.Dropped() }
    }
    worker.hold(false)
    done.wait()
    #expect(worker.finished != nil)
  }

  @Test(arguments: [true, false])
  func theEndComesAtTheNextCheckpointHeldOrNot(isHeld: Bool) {
    let hasBegun = DispatchSemaphore(value: 0)
    start { checkpoint in
      hasBegun.signal()
      while true { try checkpoint() }
    }
    hasBegun.wait()
    worker.hold(isHeld)
    worker.end()
    #expect(worker.task == nil && worker.finished == nil)
  }

  @Test func aFailureIsAResult() {
    start { _ in throw FakeError.notHDF5 }
    done.wait()
    guard case .failed(let trouble) = worker.finished?.result else {
      Issue.record("no failure")
      return
    }
    #expect(trouble.explanation == FakeError.notHDF5.explanation && !trouble.isTransient)
  }
}
