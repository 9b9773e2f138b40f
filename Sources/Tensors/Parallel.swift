import Dispatch
import Synchronization

/// Runs independent pieces of work on several threads.
public enum Parallel {
  /// `body(0) … body(count − 1)` on at most `threads` threads, the results in index order.
  ///
  /// Pieces are taken in index order as threads become free, so list the long ones first. Each piece must give the same
  /// result on any thread; then so does the whole.
  ///
  /// - Throws: the error of the first piece, by index, that threw.
  public static func map<Piece: Sendable>(
    count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Piece
  ) throws -> [Piece] {
    if count <= 1 || threads <= 1 { return try (0..<count).map(body) }
    let results = Mutex([Result<Piece, any Error>?](repeating: nil, count: count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        let result = Result { try body(index) }
        results.withLock { $0[index] = result }
      }
    }
    return try results.withLock { $0 }.compactMap { $0 }.map { try $0.get() }
  }

  /// `body(0, state) … body(count − 1, state)` on at most `threads` threads, each with a state of its own.
  ///
  /// May be called within a piece of `map`: `concurrentPerform` within itself would stay on one thread.
  static func forEach<State>(
    count: Int, threads: Int, state: @escaping @Sendable () -> State,
    _ body: @escaping @Sendable (Int, State) -> Void
  ) {
    let (next, finished) = (Counter(), Counter())
    let allFinished = DispatchSemaphore(value: 0)
    let work = { @Sendable in
      var index = next.increment()
      // A helper that starts when all is done makes no state.
      guard index < count else { return }
      let own = state()
      while index < count {
        body(index, own)
        if finished.increment() == count - 1 { allFinished.signal() }
        index = next.increment()
      }
    }
    for _ in 1..<max(1, min(threads, count)) { DispatchQueue.global().async(execute: work) }
    work()
    if count > 0 { allFinished.wait() }
  }

  private final class Counter: Sendable {
    private let value = Atomic(0)

    /// The value before.
    func increment() -> Int { value.add(1, ordering: .acquiringAndReleasing).oldValue }
  }
}
