/// The state of one modality's features: what is missing, dead, not a number or out of range.
public struct FeatureHealth: AdditiveStatistic, Hashable {
  /// Columns, D_m; 0 only for `zero`.
  public private(set) var width: Int
  /// Utterances, with the modality or without.
  public private(set) var utterances = 0
  /// Utterances that lack the modality.
  public private(set) var missing = 0
  /// Values that are NaN or infinite.
  public private(set) var notFinite = 0
  /// Values beyond the plan's plausible deviations from 0, in the units that enter the projection.
  public private(set) var outOfRange = 0
  /// Utterances with at least one value that is out of range or not finite.
  public private(set) var suspect = 0
  /// The sum over utterances of the mean over columns of x / deviation.
  public private(set) var meanSum = ExactSum.zero
  /// The sum over utterances of the mean over columns of (x / deviation)².
  public private(set) var squareSum = ExactSum.zero
  /// One bit per column, lowest first: whether any value differed from 0 as the bundle holds it, or the model takes none.
  public private(set) var living: [UInt8]

  /// No utterances yet, of so many columns.
  ///
  /// - Parameter unused: columns that the model leaves out, for they did not vary in training: they count as living.
  public init(width: Int, unused: [Int] = []) {
    self.width = width
    living = [UInt8](repeating: 0, count: (width + 7) / 8)
    for column in unused where column < width { living[column / 8] |= 1 << UInt8(column % 8) }
  }

  /// The counts of nothing.
  public static let zero = FeatureHealth(width: 0)

  /// Adds counts and sums; a column lives where it lives on either side.
  public static func += (left: inout FeatureHealth, right: FeatureHealth) {
    if right.width == 0 { return }
    if left.width == 0 {
      left = right
      return
    }
    precondition(left.width == right.width, "features of different widths do not add up")
    left.utterances += right.utterances
    left.missing += right.missing
    left.notFinite += right.notFinite
    left.outOfRange += right.outOfRange
    left.suspect += right.suspect
    left.meanSum += right.meanSum
    left.squareSum += right.squareSum
    for index in left.living.indices { left.living[index] |= right.living[index] }
  }

  /// Counts utterances that lack the modality.
  public mutating func addMissing(_ count: Int) {
    utterances += count
    missing += count
  }

  /// Counts one utterance's features.
  ///
  /// - Parameters:
  ///   - raw: as the bundle holds them.
  ///   - scaled: after the model's standardisation.
  ///   - deviation: of the scaled features on the training data; everything is counted in this unit.
  ///   - limit: values beyond this many deviations count as out of range.
  public mutating func add(raw: ArraySlice<Float>, scaled: [Float], deviation: Float, limit: Float) {
    precondition(raw.count == width && scaled.count == width, "a feature row has the table's width")
    var (strange, far, sum, squares) = (0, 0, Float(0), Float(0))
    for scaledValue in scaled {
      let value = scaledValue / deviation
      if !value.isFinite {
        strange += 1
        continue
      }
      if value.magnitude > limit { far += 1 }
      sum += value
      squares += value * value
    }
    for (column, value) in raw.enumerated() where value != 0 { living[column / 8] |= 1 << UInt8(column % 8) }
    utterances += 1
    notFinite += strange
    outOfRange += far
    suspect += strange + far > 0 ? 1 : 0
    meanSum.add(Double(sum) / Double(max(width, 1)))
    squareSum.add(Double(squares) / Double(max(width, 1)))
  }

  /// Columns that the model takes and that held nothing but zeros; none where no utterance has the modality.
  public var deadColumns: [Int] {
    guard utterances > missing else { return [] }
    return (0..<width).filter { living[$0 / 8] & (1 << UInt8($0 % 8)) == 0 }
  }

  /// Mean of x / deviation over utterances and columns; near 0 where the data are like the training data.
  public var mean: Double { present == 0 ? 0 : meanSum.value / Double(present) }

  /// Root mean square of x / deviation; near 1 where the data are like the training data.
  public var rootMeanSquare: Double { present == 0 ? 0 : (squareSum.value / Double(present)).squareRoot() }

  /// Utterances that have the modality.
  public var present: Int { utterances - missing }
}

extension FeatureHealth: CountCodable {
  func write(to writer: inout CountWriter) {
    writer.append([width, utterances, missing, notFinite, outOfRange, suspect])
    writer.append(meanSum)
    writer.append(squareSum)
    // A byte with every bit set, the usual case, is written as zero.
    writer.append(living.map { Int(~$0) })
  }

  mutating func add(from reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError) {
    let width = try reader.count()
    guard width <= Self.largestWidth else { throw reader.damaged("\(width) feature columns") }
    guard width == self.width || self.width == 0 || width == 0 else {
      throw reader.damaged("\(width) feature columns where others have \(self.width)")
    }
    var read = FeatureHealth(width: width)
    read.utterances = try reader.count()
    read.missing = try reader.count()
    read.notFinite = try reader.count()
    read.outOfRange = try reader.count()
    read.suspect = try reader.count()
    read.meanSum = try reader.sum()
    read.squareSum = try reader.sum()
    read.living = try reader.counts(read.living.count).map { ~UInt8(truncatingIfNeeded: $0) }
    self += read
  }

  /// Wider features than anybody's, so that damaged bytes ask for no memory.
  private static let largestWidth = 1 << 24
}
