/// Two runs, figure by figure: what changed, and whether the repetitions' ranges tell them apart.
public struct BenchmarkComparison: Sendable, Equatable {
  /// One figure that both runs have.
  public struct Row: Sendable, Equatable {
    /// The record's name and settings.
    public let benchmark: String
    /// Of the first run.
    public let base: BenchmarkFigure
    /// Of the second run.
    public let new: BenchmarkFigure

    /// How much better the second is, as a share of the first: positive is better, whichever way the figure counts.
    public var gain: Double {
      new.better == .less ? base.median / new.median - 1 : new.median / base.median - 1
    }

    /// Whether no repetition of one lies within the range of the other.
    public var isDistinct: Bool { !base.range.overlaps(new.range) }
  }

  /// In the order of the second run.
  public let rows: [Row]
  /// Figures that only one of the runs has.
  public let unmatched: [String]
  /// Whether both ran on machines that are the same as far as can be told.
  public let isSameMachine: Bool

  /// Figures are matched by benchmark, settings and name.
  public init(base: BenchmarkRun, new: BenchmarkRun) {
    let (before, after) = (Self.figures(base), Self.figures(new))
    rows = after.compactMap { figure in
      before.first { $0.key == figure.key }.map {
        Row(benchmark: figure.benchmark, base: $0.figure, new: figure.figure)
      }
    }
    let (known, found) = (Set(before.map(\.key)), Set(after.map(\.key)))
    unmatched = (before + after).map(\.key).filter { !known.contains($0) || !found.contains($0) }
    isSameMachine = base.machine == new.machine
  }

  private static func figures(_ run: BenchmarkRun) -> [(key: String, benchmark: String, figure: BenchmarkFigure)] {
    run.records.flatMap { record in
      let settings = record.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      let benchmark = "\(record.benchmark) (\(settings))"
      return record.figures.map { (key: "\(benchmark): \($0.name)", benchmark: benchmark, figure: $0) }
    }
  }
}
