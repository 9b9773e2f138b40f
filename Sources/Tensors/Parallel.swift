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
}
