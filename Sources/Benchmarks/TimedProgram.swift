import Foundation

/// Another program of this project, run to be measured.
final class TimedProgram {
  private let process = Process()
  private let ended = DispatchSemaphore(value: 0)

  /// Starts a program; its output goes nowhere.
  ///
  /// - Throws: Foundation's error where the program cannot be started.
  init(_ executable: URL, _ arguments: [String]) throws {
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
  }

  var identifier: Int32 { process.processIdentifier }

  var isRunning: Bool { process.isRunning }

  func stop() {
    process.terminate()
    _ = waitUntilExit()
  }

  /// Waits for the end and gives the exit status.
  ///
  /// Foundation's own wait looks only every 50 ms.
  func waitUntilExit() -> Int32 {
    ended.wait()
    return process.terminationStatus
  }
}
