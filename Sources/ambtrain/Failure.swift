import ArgumentParser
import DialogueDomain
import Foundation

/// Reports errors on standard error and remembers the exit code that the worst of them calls for.
struct Failures {
  private(set) var exitCode: ExitCode = .success

  mutating func report(_ error: any Error) {
    let explained = error as? any ExplainedError
    FileHandle.standardError.write(Data("ambtrain: \(explained?.description ?? "\(error)")\n".utf8))
    exitCode = ExitCode(explained?.explanation.kind.exitCode ?? Explanation.Kind.io.exitCode)
  }

  /// - Throws: the exit code where something was reported.
  func end() throws {
    if exitCode != .success { throw exitCode }
  }

  /// Runs `body`; an error of ours ends the program with its message and code.
  static func reporting(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as any ExplainedError {
      var failures = Failures()
      failures.report(error)
      throw failures.exitCode
    }
  }
}
