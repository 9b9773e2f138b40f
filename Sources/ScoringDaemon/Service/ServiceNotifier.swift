import Foundation
import Synchronization

/// Tells the service manager of the daemon's state, as sd_notify(3) does; without one it does nothing.
public struct ServiceNotifier: Sendable {
  /// What the service manager is told.
  public enum State: String, Sendable {
    /// It has not started yet, and may need two minutes more.
    case stillStarting = "EXTEND_TIMEOUT_USEC=120000000"
    /// It watches, and takes bundles.
    case ready = "READY=1"
    /// It reads its configuration again.
    case reloading = "RELOADING=1"
    /// It ends, once the bundle in hand is done.
    case stopping = "STOPPING=1"
    /// It still lives, for the watchdog.
    case alive = "WATCHDOG=1"
  }

  private let address: String?
  /// How often the manager's watchdog wants a sign of life; nil where it has none.
  public let watchdogSeconds: Double?

  /// - Parameter environment: `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` count.
  public init(environment: [String: String]) {
    address = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
    let isOurs = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
    let microseconds = environment["WATCHDOG_USEC"].flatMap(Double.init)
    watchdogSeconds = isOurs ? microseconds.flatMap { $0 > 0 ? $0 / 1e6 : nil } : nil
  }

  /// Sends a state, with a line for `systemctl status` if there is one to show.
  ///
  /// - Returns: whether it was sent; that it was not is no reason to stop.
  @discardableResult
  public func notify(_ state: State, status: String? = nil) -> Bool {
    guard let address else { return false }
    var text = state.rawValue
    if state == .reloading {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      text += "\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1000)"
    }
    if let status { text += "\nSTATUS=\(status.replacing("\n", with: " "))" }
    return Self.send(text, to: address)
  }

  private static func send(_ text: String, to path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    // A name that starts with @ is in the abstract namespace, where the first byte is zero.
    if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = (MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2) + bytes.count
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    let message = Array(text.utf8)
    let sent = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(socket, message, message.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
      }
    }
    return sent == message.count
  }
}

/// Feeds the service manager's watchdog from a thread of its own, for as long as the daemon gets on.
///
/// One bundle may take longer to score than the watchdog waits, so the signs of life do not come from the main loop; but
/// they end when that has not moved for the time a step may take.
final class Watchdog: Sendable {
  private struct State {
    var last = ContinuousClock.now
    var patience = Duration.seconds(3600)
    var isRunning = false
  }

  private let state = Mutex(State())

  /// Starts feeding where the manager has a watchdog; a second time only takes the new patience.
  ///
  /// - Parameter patience: seconds without progress after which the daemon counts as hung.
  func start(_ notifier: ServiceNotifier, patience: Double) {
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
  func progress(at now: ContinuousClock.Instant = .now) {
    state.withLock { $0.last = now }
  }

  func isAlive(at now: ContinuousClock.Instant) -> Bool {
    state.withLock { now - $0.last < $0.patience }
  }
}
