import BundleScoring
import Dispatch
import ResultIndex
import Synchronization

/// Runs one probe at a time beside the main loop.
///
/// The main loop holds it while bundles wait to be scored: the probe then stops at its next checkpoint, keeps what it has
/// computed, and goes on when it is let go. Results wait here until the main loop takes them, which alone writes.
final class ProbeWorker: Sendable {
  /// What became of a probe.
  enum Result: Sendable {
    /// With the seconds it took, pauses left out.
    case found(ProbedBundle, seconds: Double)
    case failed(PipelineTrouble)
  }

  /// The probe was told to end: it stays pending.
  struct Dropped: Error {}

  fileprivate struct State {
    var task: PendingProbe?
    var result: Result?
    var isHeld = false
    var isEnding = false
    /// Threads that wait at a checkpoint.
    var waiting = 0
    var heldSince: ContinuousClock.Instant?
    var pauses = Duration.zero
  }

  private let state = Mutex(State())
  private let release = DispatchSemaphore(value: 0)
  private let running = DispatchGroup()

  /// A probe that runs, or whose result has not been cleared away.
  var task: PendingProbe? { state.withLock { $0.task } }

  /// What the probe came to; nil while it runs.
  var finished: (task: PendingProbe, result: Result)? {
    state.withLock { state in
      guard let task = state.task, let result = state.result else { return nil }
      return (task, result)
    }
  }

  /// Starts a probe; there must be none.
  ///
  /// - Parameters:
  ///   - background: runs what it is given on some thread.
  ///   - whenDone: called when there is a result.
  ///   - work: calls its checkpoint before each part.
  func start(
    _ task: PendingProbe, on background: (@escaping @Sendable () -> Void) -> Void,
    whenDone: @escaping @Sendable () -> Void,
    work: @escaping @Sendable (_ checkpoint: @escaping @Sendable () throws -> Void) throws -> ProbedBundle
  ) {
    state.withLock { state in
      precondition(state.task == nil, "one probe at a time")
      state.task = task
      state.pauses = .zero
      state.heldSince = state.isHeld ? .now : nil
    }
    running.enter()
    background { [self] in
      let start = ContinuousClock.now
      do {
        let probed = try work { [self] in try pass() }
        finish { .found(probed, seconds: (ContinuousClock.now - start - $0).inSeconds) }
      } catch is Dropped {
        clear()
      } catch {
        let trouble = PipelineTrouble(error, while: .bundle)
        finish { _ in .failed(trouble) }
      }
      running.leave()
      whenDone()
    }
  }

  /// Makes way for another probe.
  func clear() {
    state.withLock { state in
      state.task = nil
      state.result = nil
    }
  }

  /// Stops the probe at its next checkpoint, or lets it go on.
  func hold(_ isHeld: Bool) {
    let waiting = state.withLock { state in
      guard state.isHeld != isHeld else { return 0 }
      state.isHeld = isHeld
      if isHeld {
        state.heldSince = .now
        return 0
      }
      state.endPause()
      defer { state.waiting = 0 }
      return state.waiting
    }
    for _ in 0..<waiting { release.signal() }
  }

  /// Ends the probe at its next checkpoint, and waits for that.
  func end() {
    state.withLock { $0.isEnding = true }
    hold(false)
    running.wait()
  }

  /// Blocks while the worker is held.
  private func pass() throws {
    while true {
      let mustWait = try state.withLock { state in
        if state.isEnding { throw Dropped() }
        if state.isHeld { state.waiting += 1 }
        return state.isHeld
      }
      if !mustWait { return }
      release.wait()
    }
  }

  private func finish(_ result: (_ pauses: Duration) -> Result) {
    state.withLock { state in
      state.endPause()
      state.result = result(state.pauses)
    }
  }
}

extension ProbeWorker.State {
  fileprivate mutating func endPause() {
    if let heldSince { pauses += .now - heldSince }
    heldSince = nil
  }
}
