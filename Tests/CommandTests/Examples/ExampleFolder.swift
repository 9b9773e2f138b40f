import Foundation
import Testing
import TextEncoder

/// A working folder in which the examples find what they speak of: a spool that the daemon filled last night and today, the
/// samples, the model, a table with vectors, and programs in place of a mailer and a browser.
final class ExampleFolder: Sendable {
  private let folder: TestFolder
  private let environment: [String: String]

  /// - Throws: What a program printed that did not do its part.
  init() throws {
    folder = try TestFolder()
    environment = try Self.environment()
    try fill()
    try score()
  }

  /// Runs a script with bash in a copy of the folder, of which it is the home and the working folder; it ends with the first
  /// command that fails, and what it has left running ends with it.
  func run(_ script: String) throws -> BuiltProgram.Outcome {
    let own = try TestFolder()
    try shell("cp -a '\(folder.url.path)/.' .; mv filled spool", in: own.url)
    return try bash("trap 'code=$?; kill $(jobs -p) 2>/dev/null || true; exit $code' EXIT\n\(script)\n", in: own.url)
  }

  private func fill() throws {
    let root = URL(fileURLWithPath: Shipped.model).deletingLastPathComponent().deletingLastPathComponent()
    try shell(
      """
      mkdir -p bin bundles etc spool/incoming spool/done
      for part in baselines models recipes samples; do ln -s '\(root.path)'/$part etc/$part; done
      cp '\(root.path)/ambd.toml' etc
      printf 'spool = "spool"\\nmodel = "etc/models/meld-minilm"\\n' > ambd.toml
      cp etc/samples/tuesday.h5 etc/samples/wednesday.h5 bundles
      cp etc/samples/*.h5 etc/samples/support-call.vtt .
      cp monday.h5 friday.h5
      printf '#!/bin/sh\\ncat >> mail\\n' > bin/mail
      printf '#!/bin/sh\\necho "$1" >> opened\\n' > bin/xdg-open
      printf '#!/bin/sh\\ncat >> reacted\\n' > react
      chmod +x bin/* react
      """, in: folder.url)
    try Data("dialogue,speaker,emotion\ntalk,Ada,joy\ntalk,Ben,anger\ntalk,Ada,neutral\n".utf8).write(
      to: folder["talk.csv"])
    try Self.vectors(rows: 3, columns: 384).write(to: folder["talk.npy"])
  }

  /// Two bundles of last night and three transcripts of today, and one file that is no bundle.
  private func score() throws {
    let evening = Date.now.addingTimeInterval(-15 * 3600).ISO8601Format()
    try shell(
      """
      ambd score --config ambd.toml --manifest bundles --out out --probes --at \(evening)
      ambq merge out --into spool/index.sqlite --labels spool/labels
      rm -r out
      cp bundles/* spool/done
      cp etc/samples/*.vtt etc/samples/*.json etc/samples/*.eaf spool/incoming
      echo 'no bundle' > spool/incoming/friday.h5
      ambd --config ambd.toml --once || [ $? -eq 1 ]
      # An index belongs to its spool as long as that is there: each copy is to be one of its own.
      mv spool filled
      """, in: folder.url)
  }

  private func shell(_ script: String, in folder: URL) throws {
    let outcome = try bash(script, in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
  }

  private func bash(_ script: String, in folder: URL) throws -> BuiltProgram.Outcome {
    let streams = try TestFolder()
    var environment = environment
    environment["HOME"] = folder.path
    environment["PATH"] = "\(folder.path)/bin:\(environment["PATH"] ?? "")"
    let process = try RunningProgram(
      URL(fileURLWithPath: "/usr/bin/timeout"),
      ["--kill-after=10", "120", "bash", "-e", "-c", "cd \"$HOME\"\n" + script],
      environment: environment, output: streams["out"].path, errors: streams["err"].path)
    let status = try #require(process.wait())
    return BuiltProgram.Outcome(
      status: status, output: try String(contentsOf: streams["out"], encoding: .utf8),
      errors: try String(contentsOf: streams["err"], encoding: .utf8))
  }

  /// The clock of the zone shows between eleven and twelve: no day and no night ends while the examples run.
  private static func environment() throws -> [String: String] {
    let hour = Int(Date.now.timeIntervalSince1970) / 3600 % 24
    let programs = BuiltProgram("ambq").executable.deletingLastPathComponent().path
    return [
      "PATH": "\(programs):/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "Etc/GMT\(hour < 11 ? "" : "+")\(hour - 11)",
      "AMBQ_ENCODER": try EncoderDirectory.find().url.path,
      // Nobody writes files slowly here.
      "AMBD_WATCH_SETTLE_SECONDS": "0.1",
    ]
  }

  /// A NumPy array of 32-bit floats.
  private static func vectors(rows: Int, columns: Int) -> Data {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
    let padded = header.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
    let start = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, UInt8(padded.utf8.count), 0])
    // Each value is 0.0115, a number as embeddings have them.
    return start + Data(padded.utf8) + Data(repeating: 0x3C, count: 4 * rows * columns)
  }
}

/// Prepares one folder for all examples of a suite, and removes it behind the last.
struct PreparedExamples: SuiteTrait, TestScoping {
  @TaskLocal static var folder: ExampleFolder?

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await Self.$folder.withValue(try ExampleFolder()) { try await function() }
  }
}
