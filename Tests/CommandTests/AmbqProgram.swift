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

  func callAsFunction(_ arguments: String...) throws -> Result { try call(arguments) }

  func call(_ arguments: [String]) throws -> Result { try run(Self.path(), arguments) }

  /// Runs a shell command in which `$AMBQ` is the program.
  func shell(_ command: String) throws -> Result {
    var copy = self
    copy.environment["AMBQ"] = Self.path().path
    return try copy.run(URL(fileURLWithPath: "/bin/sh"), ["-c", command])
  }

  private func run(_ program: URL, _ arguments: [String]) throws -> Result {
    let base = ["PATH": "/usr/bin:/bin", "TZ": "UTC", "LANG": "C.UTF-8"]
    let folder = try TestFolder()
    let (output, errors) = (folder["output"], folder["errors"])
    let process = try RunningProgram(
      program, arguments, environment: base.merging(environment) { $1 }, output: output.path, errors: errors.path)
    let status = try #require(process.wait())
    return Result(
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self), status: status)
  }

  static func path() -> URL { BuiltProgram("ambq").executable }
}
