import CHDF5
import Foundation

/// A child process that reads one bundle and ends; whoever drops it stops it and leaves no zombie behind.
struct ReaderProcess: ~Copyable {
  /// The descriptors of the child: the channel for the path and the sign of completion, and the file for the reply.
  static let channelDescriptor: Int32 = 0
  static let replyDescriptor: Int32 = 3

  /// How a child ended without an answer.
  enum Ending {
    case signal(Int32)
    case exit(Int32)
    case timeout
  }

  private let process: pid_t
  private let channel: Int32
  private let memory: Int32

  /// Starts a child that waits for a path.
  ///
  /// - Throws: `BundleError.readerUnavailable`.
  init(executable: String, arguments: [String]) throws {
    let memory = try Self.aboveStandard(system_memory_file("bundle"))
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      let reason = Self.lastReason
      close(memory)
      throw BundleError.readerUnavailable(reason)
    }
    do {
      let far = try Self.aboveStandard(ends[1])
      defer { close(far) }
      process = try Self.spawn(executable, arguments, channel: far, memory: memory)
    } catch {
      close(memory)
      close(ends[0])
      throw error
    }
    self.memory = memory
    channel = ends[0]
  }

  deinit {
    close(channel)
    close(memory)
    // Ended or not, it has not been waited for, so the number is still its own.
    kill(process, SIGKILL)
    _ = Self.wait(for: process)
  }

  /// Gives the child its path.
  ///
  /// - Returns: false when the child is no longer there.
  borrowing func ask(for path: String) -> Bool {
    let request = Array(path.utf8) + [0]
    var sent = 0
    while sent < request.count {
      let count = request.withUnsafeBytes {
        send(channel, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Waits for the sign that the reply is complete.
  ///
  /// - Returns: the reply's file, valid as long as this process object, or nil when none came.
  borrowing func reply(within seconds: Double) -> MemoryFile? {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while true {
      let left = (deadline - clock.now) / .milliseconds(1)
      guard left > 0 else { return nil }
      var request = pollfd(fd: channel, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, Int32(min(left.rounded(.up), 60_000)))
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      var sign: UInt8 = 0
      guard ready > 0, recv(channel, &sign, 1, 0) == 1 else { return nil }
      return MemoryFile(descriptor: memory)
    }
  }

  /// How the child ended; one that is still running is stopped.
  consuming func ending() -> Ending {
    let (process, channel, memory) = (process, channel, memory)
    discard self
    defer {
      close(channel)
      close(memory)
    }
    // A child that gave no sign has closed its end by ending, so it is gone already or about to be.
    var request = pollfd(fd: channel, events: Int16(POLLIN), revents: 0)
    let hasEnded = poll(&request, 1, 0) > 0
    if !hasEnded { kill(process, SIGKILL) }
    let status = Self.wait(for: process)
    guard hasEnded else { return .timeout }
    let signal = status & 0x7F
    return signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
  }

  private static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status
  }

  private static func spawn(
    _ executable: String, _ arguments: [String], channel: Int32, memory: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, channel, channelDescriptor)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, memory, replyDescriptor)
    posix_spawn_file_actions_addclosefrom_np(&actions, replyDescriptor + 1)

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
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, executable, &actions, &attributes, &words, &variables)
    guard code == 0 else { throw BundleError.readerUnavailable("\(executable): \(String(cString: strerror(code)))") }
    return process
  }

  /// The same file under a descriptor that the child's own ones cannot overwrite; closes the given one.
  private static func aboveStandard(_ descriptor: Int32) throws -> Int32 {
    guard descriptor >= 0 else { throw BundleError.readerUnavailable(lastReason) }
    defer { close(descriptor) }
    let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 10)
    guard moved >= 0 else { throw BundleError.readerUnavailable(lastReason) }
    return moved
  }

  private static var lastReason: String { String(cString: strerror(errno)) }
}
