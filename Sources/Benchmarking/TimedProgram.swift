import Foundation

/// Another program of this project, run to be measured.
final class TimedProgram {
  private let process = Process()
  private let ended = DispatchSemaphore(value: 0)

  /// Starts a program.
  ///
  /// - Throws: Foundation's error where the program cannot be started.
  /// - Parameter isSilent: whether its output goes nowhere.
  init(_ executable: URL, _ arguments: [String], isSilent: Bool = true) throws {
    process.executableURL = executable
    process.arguments = arguments
    if isSilent {
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
    }
    process.standardInput = FileHandle.nullDevice
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
  }

  /// The seconds of each of several runs from start to end, after one that is not counted.
  ///
  /// - Throws: `BenchmarkError` where a run fails.
  static func seconds(_ executable: URL, _ arguments: [String], repetitions: Int) throws -> [Double] {
    let runs = try (0...repetitions).map { _ in
      try measured {
        guard try TimedProgram(executable, arguments).waitUntilExit() == 0 else {
          throw BenchmarkError("\(executable.lastPathComponent) \(arguments.first ?? "") failed", program: executable)
        }
      }
    }
    return Array(runs.dropFirst())
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
    // For whoever asks again.
    ended.signal()
    return process.terminationStatus
  }
}
