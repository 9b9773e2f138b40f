import Foundation
import Synchronization

/// A child process that hands over a bundle, for as long as there is more to come; who lets go of this stops it.
final class RunningReader: Sendable {
  private let limits: IsolatedBundleReader.Limits
  private let url: URL
  private let process = Mutex<ReaderProcess?>(nil)
  /// How much longer it may be waited for.
  private let patience: Mutex<Duration>

  /// - Parameter limits: those for this file.
  init(_ limits: IsolatedBundleReader.Limits, _ url: URL) {
    self.limits = limits
    self.url = url
    // Longer than any wait, and short enough to be added to a time.
    patience = Mutex(.seconds(min(limits.waitSeconds, 1e9)))
  }

  /// Takes over a child that has been given its path.
  func take(over started: consuming ReaderProcess) {
    var started: ReaderProcess? = consume started
    process.withLock { $0 = started.take() }
  }

  /// The child's number, for tests; nil where it has ended.
  var processNumber: pid_t? { process.withLock { $0?.process } }

  /// Ends the child: all that it had to say has been said.
  func end() { process.withLock { $0 = nil } }

  /// Receives something; time in which nobody waits for the child does not count.
  ///
  /// - Throws: `BundleError`; the child is gone then.
  func receive<Value: Sendable>(_ receive: (ReaderChannel) throws -> Value) throws -> Value {
    try process.withLock { slot in
      guard let process = slot.take() else { throw BundleError.readerGarbled("a reply that ends early") }
      let start = ContinuousClock.now
      defer { patience.withLock { $0 -= .now - start } }
      do {
        let value = try process.reply(by: start + patience.withLock { $0 }, receive)
        slot = consume process
        return value
      } catch ReaderChannel.Failure.timeout {
        throw BundleError.readerStalled(seconds: limits.waitSeconds)
      } catch ReaderChannel.Failure.closed {
        throw limits.fault(status: process.end())
      }
    }
  }

  /// Names the file in errors that do not: those of the child's reader do already.
  func named<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as BundleError {
      throw error.explanation.location == nil ? error.inFile(url.lastPathComponent) : error
    }
  }
}

extension IsolatedBundleReader.Limits {
  /// What the end of a child before its reply's end means.
  ///
  /// - Parameter status: as `waitpid` gives it: a signal in the lowest seven bits, else an exit code above them.
  func fault(status: Int32) -> BundleError {
    switch (signal: status & 0x7F, code: status >> 8 & 0xFF) {
    case (0, 0): .readerGarbled("a reply that ends early")
    case (0, let code): .readerUnavailable("exit code \(code)")
    case (SIGXCPU, _): .readerTooSlow(seconds: processorSeconds)
    case (let signal, _) where Self.crashes.contains(signal): .readerCrashed(signal: signal)
    case (let signal, _): .readerKilled(signal: signal)
    }
  }

  /// Signals that a process brings on itself.
  private static let crashes: Set<Int32> = [SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGXFSZ]
}
