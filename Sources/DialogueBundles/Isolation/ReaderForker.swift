import CHDF5
import CSystemCalls
import Foundation

/// A child process that has gone through all that reading needs and never reads: it forks a child for each file.
///
/// Starting a program with its libraries takes fourteen milliseconds, forking one that is ready less than one. What it forks
/// are children of this process, not its own, and are waited for here.
struct ReaderForker: ~Copyable {
  private let program: ReaderProcess

  /// Its number.
  var process: pid_t { program.process }

  /// Starts the program; it answers when it is ready.
  ///
  /// - Throws: `BundleError.readerUnavailable`.
  init(executable: String, arguments: [String]) throws {
    let ends = try ReaderChannel.pair()
    defer { close(ends.theirs) }
    do {
      program = ReaderProcess(
        process: try Self.spawn(executable, arguments, channel: ends.theirs), channel: ends.ours)
    } catch {
      close(ends.ours)
      throw error
    }
  }

  /// Has it fork a child, which answers over the other end of `channel`.
  ///
  /// - Returns: the child's process number.
  /// - Throws: `BundleError.readerUnavailable` where it cannot fork, `ReaderChannel.Failure` where it does not answer.
  borrowing func fork(channel: Int32, by deadline: ContinuousClock.Instant) throws -> pid_t {
    guard cs_send_descriptor(program.socket, channel) == 0 else { throw ReaderChannel.Failure.closed }
    let answer = try program.reply(by: deadline) { try $0.receive(1, of: Int32.self)[0] }
    guard answer > 0 else { throw BundleError.readerUnavailable(String(cString: strerror(-answer))) }
    return answer
  }

  /// Its end.
  ///
  /// - Returns: its status, as `waitpid` gives it.
  consuming func end() -> Int32 { program.end() }

  private static func spawn(_ executable: String, _ arguments: [String], channel: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, channel, ReaderProgram.channelDescriptor)
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
    // No second process that prints a backtrace, and no worker threads: what forks must have one thread.
    environment["SWIFT_BACKTRACE"] = "enable=no"
    environment["OPENBLAS_NUM_THREADS"] = "1"
    // Functions are looked up once here and not in every child.
    environment["LD_BIND_NOW"] = "1"
    // Large pages for large tables: each page of a child's short life is touched for the first time.
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
