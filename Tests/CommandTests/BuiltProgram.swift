import CSystemCalls
import Foundation
import Testing

/// One of the programs that the build made, run as a user would.
struct BuiltProgram {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// The lines of standard output.
    var lines: [Substring] { output.split(separator: "\n") }
  }

  let executable: URL

  /// - Parameter name: the product's name; programs lie beside the test bundle.
  init(_ name: String) {
    let own = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    executable = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name)
  }

  /// Runs to the end; both streams are collected.
  func callAsFunction(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try self(arguments, environment: environment)
  }

  /// Runs to the end; both streams are collected.
  func callAsFunction(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    let folder = try TestFolder()
    let (output, errors) = (folder["out"], folder["err"])
    let process = try RunningProgram(
      executable, arguments, environment: inherited.merging(environment) { $1 }, output: output.path,
      errors: errors.path)
    let status = try #require(process.wait())
    return Outcome(
      status: status, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// Starts and goes on; standard error goes to `log`.
  func start(_ arguments: String..., log: URL) throws -> RunningProgram {
    try start(arguments, log: log)
  }

  /// The tests' own environment, without what would configure the programs.
  private var inherited: [String: String] {
    ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AMBD_") && !$0.key.hasPrefix("AMBQ_") }
  }

  /// Starts and goes on; standard error goes to `log`.
  func start(_ arguments: [String], log: URL) throws -> RunningProgram {
    try RunningProgram(executable, arguments, environment: inherited, output: "/dev/null", errors: log.path)
  }
}

/// A child process, started and awaited by the system's calls: Foundation's `Process` waits on a run loop, and tests run
/// on threads that have none.
final class RunningProgram {
  let identifier: pid_t

  init(
    _ executable: URL, _ arguments: [String], environment: [String: String], output: String, errors: String
  ) throws {
    let variables = environment.map { "\($0.key)=\($0.value)" }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // A descriptor that another test is writing a bundle through would make that bundle look unfinished to its daemon.
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    // Threads of the tests block nearly all signals, and a child would inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var identifier: pid_t = 0
    let code = Self.withStrings([executable.path] + arguments) { arguments in
      Self.withStrings(variables) { variables in
        posix_spawn(&identifier, executable.path, &actions, &attributes, arguments, variables)
      }
    }
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EINVAL) }
    self.identifier = identifier
  }

  func send(_ signal: Int32) {
    kill(identifier, signal)
  }

  /// Waits for the end: the exit status, or nil where a signal ended it.
  func wait() -> Int32? {
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }

  private static func withStrings(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
  ) -> Int32 {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
  }
}

/// A folder that goes when its last user does.
final class TestFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  subscript(path: String) -> URL { url.appendingPathComponent(path) }
}

/// What the project ships and the tests feed to the programs.
enum Shipped {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let model = root.appendingPathComponent("etc/models/meld-minilm").path

  static let samples = ["monday", "tuesday", "wednesday"].map { root.appendingPathComponent("etc/samples/\($0).h5") }

  static let call = root.appendingPathComponent("etc/samples/support-call.vtt")
}
