import Foundation

/// Another program of this project, run to be measured.
final class TimedProgram {
  private let process = Process()

  /// Starts a program; its output goes nowhere.
  ///
  /// - Throws: Foundation's error where the program cannot be started.
  init(_ executable: URL, _ arguments: [String]) throws {
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  var identifier: Int32 { process.processIdentifier }

  var isRunning: Bool { process.isRunning }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  func waitUntilExit() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }
}
