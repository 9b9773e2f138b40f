import DialogueDomain

/// Measures the same work in a reduced precision and in single precision, in turn.
public struct PrecisionBenchmark: Sendable {
  /// How long both took.
  public struct Result: Sendable {
    let precision: Precision
    let single: [Double]
    let reduced: [Double]
  }

  private let precision: Precision
  private let repetitions: Int

  /// - Parameter repetitions: to count; one more is run first.
  public init(_ precision: Precision, repetitions: Int) {
    self.precision = precision
    self.repetitions = repetitions
  }

  /// - Throws: what the work throws.
  public func run(single: () throws -> Void, reduced: () throws -> Void) throws -> Result {
    var seconds: (single: [Double], reduced: [Double]) = ([], [])
    for repetition in 0...repetitions {
      let (own, other) = (try measured(single), try measured(reduced))
      guard repetition > 0 else { continue }
      seconds.single.append(own)
      seconds.reduced.append(other)
    }
    return Result(precision: precision, single: seconds.single, reduced: seconds.reduced)
  }
}

extension PrecisionBenchmark.Result {
  /// - Parameters:
  ///   - benchmark: what was measured, as "scoring".
  ///   - network: which network.
  ///   - utterances: of one repetition.
  public func record(_ benchmark: String, network: String, utterances: Int, threads: Int) -> BenchmarkRecord {
    BenchmarkRecord(
      "\(benchmark) in \(precision.rawValue)",
      settings: [
        "network": network, "utterances": "\(utterances)", "threads": "\(threads)", "repetitions": "\(single.count)",
      ],
      figures: [
        BenchmarkFigure("\(benchmark) in fp32", single, unit: "s", better: .less),
        BenchmarkFigure("\(benchmark) in \(precision.rawValue)", reduced, unit: "s", better: .less),
        BenchmarkFigure(
          "utterances a second", reduced.map { Double(utterances) / $0 }, unit: "/s", better: .more),
        BenchmarkFigure(
          "times as fast", [median(single) / median(reduced)], unit: "times", better: .more, aim: precision.aim),
      ] + BenchmarkRecord.megabytes("peak memory", ProcessMemory.peak))
  }
}

extension Precision {
  /// How many times as fast as single precision it was promised to be.
  fileprivate var aim: Double? {
    switch self {
    case .single: nil
    case .bfloat16: 1.8
    case .int8: 3
    }
  }
}
