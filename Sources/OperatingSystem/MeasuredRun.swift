import DialogueDomain
import Foundation

/// One run of a program from its start to its end, its output read through a pipe and dropped.
public struct MeasuredRun: Sendable {
  /// From the start to the end, on the clock.
  public let seconds: Double
  /// Of the process, user's and system's.
  public let processorSeconds: Double
  /// The greatest resident size in bytes; at least what this process has reached itself, for so the system counts it.
  public let peakMemory: Int
  /// What it has written.
  public let outputBytes: Int
  /// The exit code; 128 and the signal's number where one ended it.
  public let status: Int32

  /// Runs a program with this process's environment; what it says on standard error goes nowhere.
  ///
  /// - Throws: `StorageError` where it cannot be started.
  public init(_ executable: URL, _ arguments: [String]) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw StorageError("making a pipe for", executable) }
    // A program that kept an end open would never come to an end of its output.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let start = ContinuousClock.now
    let process: pid_t
    do {
      defer { close(ends[1]) }
      process = try Self.spawn(executable, arguments, output: ends[1])
    } catch {
      close(ends[0])
      throw error
    }
    outputBytes = Self.drain(ends[0])
    close(ends[0])
    var (end, usage) = (Int32(0), rusage())
    while wait4(process, &end, 0, &usage) < 0 && errno == EINTR {}
    let duration = ContinuousClock.now - start
    seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    processorSeconds = [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
    peakMemory = usage.ru_maxrss * 1024
    status = end & 0x7F == 0 ? (end >> 8) & 0xFF : 128 + (end & 0x7F)
  }

  private static func spawn(_ executable: URL, _ arguments: [String], output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    var words: [UnsafeMutablePointer<CChar>?] = ([executable.path] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, executable.path, &actions, nil, &words, &variables)
    guard code == 0 else {
      errno = code
      throw StorageError("starting", executable)
    }
    return process
  }

  /// - Returns: how many bytes came until the other end was closed.
  private static func drain(_ descriptor: Int32) -> Int {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var total = 0
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return total }
      total += count
    }
  }
}
