import DialogueDomain
import Foundation
import Tensors

/// Everything that was measured in one go on one machine: what `ambtrain bench … --json` writes.
public struct BenchmarkRun: Codable, Sendable, Equatable {
  /// The machine, as far as it matters to the figures.
  public struct Machine: Codable, Sendable, Equatable {
    /// Cores that the process may use.
    public let cores: Int
    /// The processor as the system names it.
    public let processor: String
    /// The instruction set of the elementwise loops.
    public let loops: String
    /// The BLAS library, its version and kernel.
    public let blas: String
    /// The operating system's kernel.
    public let system: String
    /// The kernel that `OPENBLAS_CORETYPE` forces upon the library; nil where it chooses.
    public let forcedKernel: String?

    /// This machine.
    public static var current: Machine {
      let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }
      return Machine(
        cores: Processor.cores,
        processor: model?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown",
        loops: Processor.loops, blas: Processor.blas, system: ProcessInfo.processInfo.operatingSystemVersionString,
        forcedKernel: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"])
    }

    /// What a person must know before believing a comparison with the library's rate.
    public var warnings: [String] {
      forcedKernel.map {
        [
          "OPENBLAS_CORETYPE=\($0) forces a kernel upon OpenBLAS, so that its rate may be below what this machine can do; "
            + "unset it for a limit to believe."
        ]
      } ?? []
    }
  }

  /// The programs' version.
  public let version: String
  /// The commit they were built from, where that was told.
  public let commit: String?
  /// When it began.
  public let date: Date
  /// Where.
  public let machine: Machine
  /// One a benchmark, in the order they ran.
  public internal(set) var records: [BenchmarkRecord]

  /// - Parameter commit: what the programs were built from, where known.
  public init(commit: String?, date: Date, machine: Machine = .current, records: [BenchmarkRecord] = []) {
    version = Version.current
    self.commit = commit
    self.date = date
    self.machine = machine
    self.records = records
  }

  /// The JSON text: keys sorted, times in ISO 8601.
  ///
  /// - Throws: `EncodingError` where a figure is not a number.
  public func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// What `encoded` wrote.
  ///
  /// - Throws: `BenchmarkError` where the file cannot be read or is none of these.
  public init(contentsOf file: URL) throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    guard let data = try? Data(contentsOf: file), let run = try? decoder.decode(Self.self, from: data) else {
      throw BenchmarkError(
        Explanation(
          .data, "this is no record of benchmarks, or cannot be read", at: file.path,
          expected: "what ambtrain bench … --json wrote", remedy: "Make it anew with `make bench`."))
    }
    self = run
  }
}
