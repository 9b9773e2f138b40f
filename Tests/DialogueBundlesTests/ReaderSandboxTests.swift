import DialogueDomain
import Foundation
import HostileCode
import OperatingSystem
import TestFolders
import Testing

@testable import DialogueBundles

/// Code that a file has smuggled into the reader: what it could do to the machine, it cannot do from the sandbox.
struct ReaderSandboxTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("labels", to: "labels.tsv")
  }

  private static let escapes: [String] = (0..<100).compactMap { number in
    hostile_name(number).map { String(cString: $0) }
  }

  /// How the child that tries one way out ends: 0 where it fails, 1 where it works.
  private func attempt(_ name: String) throws -> Int32 {
    let process = Process()
    process.executableURL = try ChildProgram.locate()
    process.arguments = ["escape", name, folder.url.path]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    return process.terminationStatus
  }

  @Test(arguments: escapes)
  func escape(_ name: String) throws {
    guard ProcessSandbox.description.hasPrefix("seccomp") else { return }
    #expect(try attempt(name) == 0, "\(name) works")
    #expect(try folder.contents == ["labels.tsv"])
  }

  @Test func thereAreAtLeastTwenty() throws {
    #expect(Self.escapes.count >= 20)
    #expect(try attempt("no such way") == 2)
  }

  /// Without the sandbox they work, or the test above would show nothing.
  @Test(arguments: [
    "read_a_file", "write_into_the_spool", "connect_to_the_network", "start_a_process", "run_a_program",
  ])
  func withoutTheSandboxItWorks(_ name: String) throws {
    #expect(try attempt("unconfined:\(name)") == 1)
  }
}

extension TemporaryFolder {
  fileprivate var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
