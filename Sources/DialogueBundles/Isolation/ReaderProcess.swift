import CHDF5
import Foundation

/// A child process that reads one bundle and ends; whoever drops it stops it and leaves no zombie behind.
struct ReaderProcess: ~Copyable {
  /// The child's end of the channel.
  static let channelDescriptor: Int32 = 0

  private let process: pid_t
  private let channel: Int32

  /// Starts a child that waits for a path.
  ///
  /// - Throws: `BundleError.readerUnavailable`.
  init(executable: String, arguments: [String]) throws {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw BundleError.readerUnavailable(String(cString: strerror(errno)))
    }
    defer { close(ends[1]) }
    do {
      process = try Self.spawn(executable, arguments, channel: ends[1])
    } catch {
      close(ends[0])
      throw error
    }
    channel = ends[0]
  }

  deinit {
    close(channel)
    // Ended or not, it has not been waited for, so the number is still its own.
    kill(process, SIGKILL)
    _ = Self.wait(for: process)
  }

  /// Gives the child its path.
  ///
  /// - Returns: false when the child is no longer there.
  borrowing func ask(for path: String) -> Bool {
    ReaderChannel(descriptor: channel).send(Array(path.utf8) + [0])
  }

  /// Receives the child's reply.
  ///
  /// - Throws: `ReaderChannel.Failure` when none or half of one comes, and what `receive` throws.
  borrowing func reply<Reply>(
    by deadline: ContinuousClock.Instant, _ receive: (ReaderChannel) throws -> Reply
  ) throws -> Reply {
    try receive(ReaderChannel(descriptor: channel, deadline: deadline))
  }

  /// Stops the child where it still runs.
  ///
  /// - Returns: its status, as `waitpid` gives it.
  consuming func end() -> Int32 {
    let (process, channel) = (process, channel)
    discard self
    close(channel)
    // One that closed its end by ending has its status already, and this changes nothing.
    kill(process, SIGKILL)
    return Self.wait(for: process)
  }

  private static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status
  }

  private static func spawn(
    _ executable: String, _ arguments: [String], channel: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, channel, channelDescriptor)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    // A process group of its own: Ctrl-C at the daemon's terminal must not look like a crash. No inherited signal mask.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

    var environment = ProcessInfo.processInfo.environment
    // No second process that prints a backtrace, and no worker threads that the child never uses.
    environment["SWIFT_BACKTRACE"] = "enable=no"
    environment["OPENBLAS_NUM_THREADS"] = "1"
    // Large pages for large tables: each page of this short life is touched for the first time.
    environment["GLIBC_TUNABLES"] = [environment["GLIBC_TUNABLES"], "glibc.malloc.hugetlb=1"].compactMap { $0 }
      .joined(separator: ":")
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, executable, &actions, &attributes, &words, &variables)
    guard code == 0 else { throw BundleError.readerUnavailable("\(executable): \(String(cString: strerror(code)))") }
    return process
  }
}

/// One end of the socket between the isolated reader and its child: a path goes one way, a reply the other.
struct ReaderChannel {
  /// Why there is nothing more to receive.
  enum Failure: Error {
    /// The other end is closed.
    case closed
    /// The deadline passed.
    case timeout
  }

  let descriptor: Int32
  /// When to give up; nil to wait for ever.
  var deadline: ContinuousClock.Instant?

  /// Sends the memory of an array.
  ///
  /// - Returns: false when there is nobody at the other end.
  func send<Value: BitwiseCopyable>(_ values: [Value]) -> Bool {
    values.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        // Without the flag, a dead child would end its parent by SIGPIPE.
        let count = Glibc.send(
          descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  /// Receives exactly `count` values.
  ///
  /// - Throws: `Failure`.
  func receive<Value: BitwiseCopyable>(_ count: Int, of type: Value.Type) throws -> [Value] {
    try [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var filled = 0
      while filled < count * MemoryLayout<Value>.stride {
        filled += try receive(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
      }
      initialized = count
    }
  }

  /// Receives at least one byte.
  func receive(into bytes: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      if let deadline { try wait(until: deadline) }
      let count = recv(descriptor, bytes.baseAddress, bytes.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Failure.closed }
      return count
    }
  }

  private func wait(until deadline: ContinuousClock.Instant) throws {
    while true {
      let left = (deadline - ContinuousClock.now) / .milliseconds(1)
      guard left > 0 else { throw Failure.timeout }
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, Int32(min(left.rounded(.up), 60_000)))
      if ready > 0 { return }
      guard ready == 0 || errno == EINTR else { throw Failure.closed }
    }
  }
}
