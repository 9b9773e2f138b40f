import CSystemCalls
import Foundation

/// A program that is run without a shell, is given its input, and may take only so long.
///
/// It gets a process group of its own and none of this process's descriptors. Where the time is over, the whole group is killed.
public struct TimedCommand: Sendable, Equatable {
  /// The program, looked for as a shell would where it is no path, and its arguments.
  public let words: [String]
  /// What it reads from standard input, `mostInput` bytes at the most: that fits into a pipe, so that none waits for it to read.
  public let input: Data
  /// How long it may take, in seconds.
  public let limitSeconds: Double

  /// The most that is handed over.
  public static let mostInput = 60 << 10
  /// As much of what it writes to standard error is kept.
  private static let mostErrors = 2 << 10

  /// A program, its input, and its time.
  public init(_ words: [String], input: Data, limitSeconds: Double) {
    self.words = words
    self.input = input.prefix(Self.mostInput)
    self.limitSeconds = limitSeconds
  }

  /// What became of a program.
  public enum Outcome: Sendable, Equatable {
    /// It ended by itself, with an exit code and what it wrote to standard error.
    case ended(code: Int32, errors: String)
    /// A signal ended it.
    case killed(signal: Int32)
    /// It had to be killed.
    case timedOut
    /// It could not be started.
    case unstarted(reason: String)
    /// It was given up, since this process ends.
    case stopped
  }

  /// Runs the program and waits for it.
  ///
  /// - Parameter isStopping: asked ten times a second; where it says so, the program is killed.
  public func run(isStopping: () -> Bool = { false }) -> Outcome {
    guard let input = Self.pipeEnds(), let errors = Self.pipeEnds() else {
      return .unstarted(reason: String(cString: strerror(errno)))
    }
    defer { for end in [input.reading, errors.reading] { close(end) } }
    _ = fcntl(input.writing, F_SETFL, O_NONBLOCK)
    _ = self.input.withUnsafeBytes { write(input.writing, $0.baseAddress, $0.count) }
    close(input.writing)
    let start = ContinuousClock.now
    let process: pid_t
    do throws(StorageError) {
      process = try spawn(reading: input.reading, errors: errors.writing)
      close(errors.writing)
    } catch {
      close(errors.writing)
      return .unstarted(reason: error.explanation.message)
    }
    _ = fcntl(errors.reading, F_SETFL, O_NONBLOCK)
    var said: [UInt8] = []
    while true {
      Self.read(errors.reading, into: &said)
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) == process {
        Self.read(errors.reading, into: &said)
        // What it started and left behind.
        kill(-process, SIGKILL)
        let signal = status & 0x7f
        let text = String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return signal == 0 ? .ended(code: (status >> 8) & 0xff, errors: text) : .killed(signal: signal)
      }
      let isLate = ContinuousClock.now - start > .seconds(limitSeconds)
      if isLate || isStopping() {
        kill(-process, SIGKILL)
        waitpid(process, &status, 0)
        return isLate ? .timedOut : .stopped
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  private static func pipeEnds() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Takes what is there, and keeps the beginning.
  private static func read(_ descriptor: Int32, into said: inout [UInt8]) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    // Not for ever: it may write faster than this reads.
    for _ in 0..<64 {
      let count = Glibc.read(descriptor, &bytes, bytes.count)
      guard count > 0 else { return }
      said += bytes.prefix(min(count, max(0, mostErrors - said.count)))
    }
  }

  private func spawn(reading: Int32, errors: Int32) throws(StorageError) -> pid_t {
    let program = words.first ?? ""
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, reading, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    // No inherited signal mask, and no signal that this process ignores.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, ignored) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigemptyset(&ignored)
    for signal in [SIGPIPE, SIGXFSZ] { sigaddset(&ignored, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &ignored)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let environment = ProcessInfo.processInfo.environment
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, program, &actions, &attributes, &arguments, &variables)
    guard code == 0 else { throw StorageError("starting", URL(fileURLWithPath: program), code: code) }
    return process
  }
}
