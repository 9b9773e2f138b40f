/// Probabilities by bin, from which conformal sets of any miscoverage follow: one half of the dialogues sets the
/// threshold, the other is evaluated by it.
///
/// The set of an utterance holds every class with p(c) ≥ t. On the calibrating half t is chosen so that enough true
/// classes lie above it; on the evaluated half, the true classes above t give the coverage and all classes above t the
/// sizes. Exact up to the width of a bin, t always being a bin's lower end, which errs on the side of larger sets.
public struct ConformalHistogram: AdditiveStatistic, Hashable {
  /// Which half of the dialogues an utterance belongs to; dialogues are split, never utterances of one.
  public enum Half: Sendable {
    /// The half from which the threshold is taken.
    case calibrating
    /// The half on which the sets are evaluated.
    case evaluated
  }

  /// True-class probabilities of the calibrating half; empty only for `zero`.
  public private(set) var calibrating: [Int]
  /// True-class probabilities of the evaluated half.
  public private(set) var evaluated: [Int]
  /// Probabilities of every class of the evaluated half.
  public private(set) var evaluatedClasses: [Int]

  /// Nothing counted yet.
  public init() {
    calibrating = [Int](repeating: 0, count: CertaintyStatistics.binCount)
    evaluated = calibrating
    evaluatedClasses = calibrating
  }

  /// The histogram of nothing.
  public static let zero: ConformalHistogram = {
    var nothing = ConformalHistogram()
    (nothing.calibrating, nothing.evaluated, nothing.evaluatedClasses) = ([], [], [])
    return nothing
  }()

  public static func += (left: inout ConformalHistogram, right: ConformalHistogram) {
    if right.evaluated.isEmpty { return }
    if left.evaluated.isEmpty {
      left = right
      return
    }
    for index in left.evaluated.indices {
      left.calibrating[index] += right.calibrating[index]
      left.evaluated[index] += right.evaluated[index]
      left.evaluatedClasses[index] += right.evaluatedClasses[index]
    }
  }

  /// Counts one utterance.
  public mutating func add(probabilities: some RandomAccessCollection<Float>, truth: Int, half: Half) {
    let bins = probabilities.map { Self.bin(Double($0)) }
    switch half {
    case .calibrating: calibrating[bins[truth]] += 1
    case .evaluated:
      evaluated[bins[truth]] += 1
      for bin in bins { evaluatedClasses[bin] += 1 }
    }
  }

  /// What sets with a given miscoverage α would do.
  public struct Figures: Sendable, Hashable, Codable {
    /// Classes of at least this probability are in the set.
    public var threshold: Double
    /// Share of the evaluated half's sets that hold the truth; 1 − α or more is promised on undisturbed data.
    public var coverage: Double
    /// Mean number of classes in a set.
    public var meanSize: Double
  }

  /// The figures for α between 0 and 1; nil where one of the halves is empty.
  ///
  /// - Parameter calibration: the statistics whose calibrating half sets the threshold; the clean run's when evaluating a
  ///   disturbed one.
  public func figures(miscoverage: Double, calibration: ConformalHistogram) -> Figures? {
    let (count, total) = (calibration.calibrating.reduce(0, +), evaluated.reduce(0, +))
    guard count > 0, total > 0 else { return nil }
    // As in split conformal prediction: ⌈(n+1)(1−α)⌉ of the true classes must lie above the threshold.
    let wanted = (Double(count + 1) * (1 - miscoverage) - 1e-9).rounded(.up)
    var above = 0
    var first = 0
    for bin in calibration.calibrating.indices.reversed() {
      above += calibration.calibrating[bin]
      if Double(above) >= wanted {
        first = bin
        break
      }
    }
    return Figures(
      threshold: Double(first) / Double(CertaintyStatistics.binCount),
      coverage: Double(evaluated[first...].reduce(0, +)) / Double(total),
      meanSize: Double(evaluatedClasses[first...].reduce(0, +)) / Double(total))
  }

  static func bin(_ probability: Double) -> Int {
    let count = CertaintyStatistics.binCount
    return min(Int(min(max(probability.isNaN ? 0 : probability, 0), 1) * Double(count)), count - 1)
  }
}

extension ConformalHistogram: CountCodable {
  func write(to writer: inout CountWriter) {
    for histogram in [calibrating, evaluated, evaluatedClasses] { writer.append(histogram) }
  }

  mutating func add(from reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError) {
    try reader.add(to: &calibrating)
    try reader.add(to: &evaluated)
    try reader.add(to: &evaluatedClasses)
  }
}
