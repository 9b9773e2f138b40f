import CSystemCalls
import Foundation

/// Signals as bytes in a pipe, so that one poll(2) waits for them and for arrivals.
///
/// Handlers and not signalfd: OpenBLAS starts threads before `main`, which could not be made to block signals.
public final class SignalPipe: Sendable {
  /// The end to wait at.
  public let reading: Int32
  private let writing: Int32
  /// Tells of a stop alone, for `onLateStop`.
  private let stops: (reading: Int32, writing: Int32)

  /// A pipe that no signal comes to yet.
  ///
  /// - Throws: `StorageError` when the system grants no pipe.
  public init() throws {
    (reading, writing) = try Self.pipeEnds()
    stops = try Self.pipeEnds()
  }

  private static func pipeEnds() throws -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw StorageError("making a pipe", URL(fileURLWithPath: "/proc/self/fd")) }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    return (ends[0], ends[1])
  }

  /// Has `act` called where the process still runs some time after a caught SIGTERM or SIGINT: whoever should have ended it
  /// is in the midst of something long.
  public func onLateStop(after seconds: Double, _ act: @escaping @Sendable () -> Void) {
    let waiter = Thread { [self] in
      pollReadable([stops.reading], seconds: nil)
      Thread.sleep(forTimeInterval: seconds)
      act()
    }
    waiter.stackSize = 1 << 19
    waiter.start()
  }

  /// Routes signals of this process here.
  ///
  /// SIGTERM and SIGINT come once: a second one ends the process at once.
  ///
  /// Handlers are the process's: the last pipe that asks gets them, and must live as long as the process.
  ///
  /// They are unblocked here: whoever started this process may have passed on a mask that keeps them away.
  ///
  /// - Throws: `StorageError` for a signal that cannot be caught.
  public func catchSignals(_ signals: [Int32] = [SIGTERM, SIGINT, SIGHUP]) throws {
    let once = signals.map { UInt8($0 == SIGTERM || $0 == SIGINT ? 1 : 0) }
    guard cs_send_signals_to(writing, stops.writing, signals, once, signals.count) == 0 else {
      throw StorageError("catching signals", URL(fileURLWithPath: "/proc/self"))
    }
    var mask = sigset_t()
    sigemptyset(&mask)
    for signal in signals { sigaddset(&mask, signal) }
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }

  /// Acts as if a signal had arrived.
  public func send(_ signal: Int32) {
    var byte = UInt8(truncatingIfNeeded: signal)
    _ = write(writing, &byte, 1)
  }

  /// Has whoever waits here look around, without a signal.
  public func wake() {
    send(0)
  }

  /// The signals that have arrived since the last call.
  public func drain() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 64)
    var signals: [Int32] = []
    while case let count = read(reading, &bytes, bytes.count), count > 0 {
      signals += bytes.prefix(count).filter { $0 != 0 }.map { Int32($0) }
    }
    return signals
  }

  deinit {
    close(reading)
    close(writing)
    close(stops.reading)
    close(stops.writing)
  }
}

/// Waits until one of the descriptors can be read or the time is over.
///
/// - Parameter seconds: nil waits for ever.
public func pollReadable(_ descriptors: [Int32], seconds: Double?) {
  var waits = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  // Rounded up, lest a wait that ends a fraction early makes the caller spin.
  let milliseconds = seconds.map { Int32(min(max($0, 0) * 1000, 1e9).rounded(.up)) } ?? -1
  // An interrupted wait returns early, which callers take as "time over, look again".
  _ = poll(&waits, nfds_t(waits.count), milliseconds)
}
