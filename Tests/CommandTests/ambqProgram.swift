import Foundation
import Testing

/// Runs the real `ambq`, beside which this test bundle was built.
struct AmbqProgram {
  struct Result {
    let output: String
    let errors: String
    let status: Int32

    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
  }

  /// Added to an otherwise nearly empty environment.
  var environment: [String: String] = [:]

  func callAsFunction(_ arguments: String...) throws -> Result {
    try run(Self.path(), arguments)
  }

  /// Runs a shell command in which `$AMBQ` is the program.
  func shell(_ command: String) throws -> Result {
    var copy = self
    copy.environment["AMBQ"] = try Self.path().path
    return try copy.run(URL(fileURLWithPath: "/bin/sh"), ["-c", command])
  }

  private func run(_ program: URL, _ arguments: [String]) throws -> Result {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let base = ["PATH": "/usr/bin:/bin", "TZ": "UTC", "LANG": "C.UTF-8"]
    process.environment = base.merging(environment) { $1 }
    // Files, not pipes: a pipe that nobody empties would stop the program.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (output, errors) = (folder.appendingPathComponent("output"), folder.appendingPathComponent("errors"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Result(
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self), status: process.terminationStatus)
  }

  static func path() throws -> URL {
    let bundle = try #require(CommandLine.arguments.first { $0.hasSuffix(".xctest") })
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("ambq")
  }
}
