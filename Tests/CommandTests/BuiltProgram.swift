import Foundation

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
    let folder = try TestFolder()
    let (output, errors) = (folder["out"], folder["err"])
    let process = try process(arguments, environment: environment, output: output, errors: errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// Starts and goes on; the streams go to files.
  func start(_ arguments: String..., log: URL) throws -> Process {
    let process = try process(arguments, environment: [:], output: nil, errors: log)
    try process.run()
    return process
  }

  private func process(
    _ arguments: [String], environment: [String: String], output: URL?, errors: URL
  ) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("AMBD_") && !$0.key.hasPrefix("AMBQ_") }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try output.map(Self.handle) ?? FileHandle.nullDevice
    process.standardError = try Self.handle(errors)
    return process
  }

  /// A file rather than a pipe: a pipe nobody empties would stop the program.
  private static func handle(_ url: URL) throws -> FileHandle {
    FileManager.default.createFile(atPath: url.path, contents: nil)
    return try FileHandle(forWritingTo: url)
  }
}

/// A folder that goes when its last user does.
final class TestFolder {
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
}
