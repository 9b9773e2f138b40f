/// One measured quantity: the value of every repetition, and what it is to be held against.
///
/// ```swift
/// let figure = BenchmarkFigure(
///   "scoring", [0.41, 0.40, 0.47], unit: "s", better: .less, limit: .init("bare products", 0.31))
/// ```
public struct BenchmarkFigure: Codable, Sendable, Equatable {
  /// Which way is better.
  public enum Direction: String, Codable, Sendable {
    /// As of seconds.
    case less
    /// As of a rate.
    case more
  }

  /// What the machine would allow, measured in the same run.
  public struct Limit: Codable, Sendable, Equatable {
    /// What gave it, as "bare products".
    public let name: String
    /// In the figure's unit.
    public let value: Double

    /// A limit of the given name.
    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// What was measured, as "first rows".
  public let name: String
  /// As "s", "GFLOP/s", "MB".
  public let unit: String
  /// Which way is better.
  public let better: Direction
  /// One a repetition.
  public let values: [Double]
  /// The middle of the values.
  public let median: Double
  /// The limit beside it.
  public let limit: Limit?
  /// What was promised: at most, or at least, this.
  public let aim: Double?

  /// - Parameter values: one a repetition, at least one.
  public init(
    _ name: String, _ values: [Double], unit: String, better: Direction, limit: Limit? = nil, aim: Double? = nil
  ) {
    self.name = name
    self.unit = unit
    self.better = better
    self.values = values
    self.median = Benchmarking.median(values)
    self.limit = limit
    self.aim = aim
  }

  /// The least and the greatest value.
  public var range: ClosedRange<Double> { (values.min() ?? median)...(values.max() ?? median) }

  /// Whether the median keeps what was promised; nil where nothing was.
  public var keepsAim: Bool? {
    aim.map { better == .less ? median <= $0 : median >= $0 }
  }

  /// The share of what the limit allows that the median reaches; nil without a limit.
  public var shareOfLimit: Double? {
    limit.map { better == .less ? $0.value / median : median / $0.value }
  }
}

/// What one benchmark measured, under which settings.
public struct BenchmarkRecord: Codable, Sendable, Equatable {
  /// One setting, as "threads" and "2".
  public struct Setting: Codable, Sendable, Equatable {
    /// What was set.
    public let name: String
    /// To what.
    public let value: String
  }

  /// The benchmark's name, as `ambtrain bench` knows it.
  public let benchmark: String
  /// In the order in which they are printed.
  public let settings: [Setting]
  /// In the order in which they are printed.
  public let figures: [BenchmarkFigure]

  /// - Parameter settings: names and values, in the order in which they are printed.
  public init(_ benchmark: String, settings: KeyValuePairs<String, String>, figures: [BenchmarkFigure]) {
    self.benchmark = benchmark
    self.settings = settings.map { Setting(name: $0.key, value: $0.value) }
    self.figures = figures
  }

  /// Bytes as megabytes that less of is better; no figure where the system did not tell them.
  static func megabytes(_ name: String, _ bytes: Int?, aim: Double? = nil) -> [BenchmarkFigure] {
    bytes.map { [BenchmarkFigure(name, [Double($0) / 1e6], unit: "MB", better: .less, aim: aim)] } ?? []
  }
}
