import Foundation

/// Runs every benchmark of `ambtrain bench`, each as a process of its own, so that none's memory or caches are another's.
public struct BenchmarkSuite: Sendable {
  private let program: URL
  private let model: String

  /// - Parameters:
  ///   - program: the `ambtrain` to run.
  ///   - model: the model directory for the daemon.
  public init(program: URL, model: String) {
    self.program = program
    self.model = model
  }

  /// The arguments of each, after `bench`.
  var parts: [[String]] {
    [
      ["scoring"], ["scoring", "--preset", "meld"], ["scoring", "--single", "50"], ["encoder"], ["training"],
      ["training", "--preset", "meld"], ["probes"], ["daemon", "--model", model],
      ["daemon", "--model", model, "--flood", "5000"], ["query"], ["report"],
    ]
  }

  /// Runs them one after the other; what they print goes to this process's output.
  ///
  /// - Parameters:
  ///   - commit: what the programs were built from, where known.
  ///   - announce: told the command before it runs.
  /// - Throws: `BenchmarkError` where one fails.
  public func run(commit: String?, announce: (String) throws -> Void) throws -> BenchmarkRun {
    try withWorkFolder { folder in
      var run = BenchmarkRun(commit: commit, date: Date())
      for (number, part) in parts.enumerated() {
        try announce("ambtrain bench \(part.joined(separator: " "))")
        let file = folder.appendingPathComponent("\(number).json")
        let status = try TimedProgram(program, ["bench"] + part + ["--json", file.path], isSilent: false)
          .waitUntilExit()
        guard status == 0 else {
          throw BenchmarkError("bench \(part.joined(separator: " ")) failed", program: program)
        }
        run.records += try BenchmarkRun(contentsOf: file).records
      }
      return run
    }
  }
}
