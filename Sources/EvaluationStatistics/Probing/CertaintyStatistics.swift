/// How sure the labels of one condition were, and how rightly: confidences, calibration, risk–coverage, conformal sets.
public struct CertaintyStatistics: AdditiveStatistic, Hashable {
  /// Bins of every histogram over confidence or probability here.
  public static let binCount = 100

  /// Labels by confidence, known truth or not; empty only for `zero`.
  public private(set) var confidences: [Int]
  /// The sum of those confidences.
  public private(set) var confidenceSum: ExactSum
  /// Confidence against accuracy, in 15 bins; this and what follows only where the truth is known.
  public private(set) var calibration: CalibrationBins
  /// Right and wrong labels by confidence.
  public private(set) var outcomes: ConfidenceHistogram
  /// Brier score and negative log-likelihood.
  public private(set) var scores: ProbabilityScores
  /// What conformal sets are made and evaluated by.
  public private(set) var conformal: ConformalHistogram

  /// Nothing counted yet.
  public init() {
    confidences = [Int](repeating: 0, count: Self.binCount)
    confidenceSum = .zero
    calibration = CalibrationBins(binCount: 15)
    outcomes = ConfidenceHistogram(binCount: Self.binCount)
    scores = .zero
    conformal = ConformalHistogram()
  }

  /// The statistics of nothing.
  public static let zero: CertaintyStatistics = {
    var nothing = CertaintyStatistics()
    nothing.confidences = []
    nothing.calibration = .zero
    nothing.outcomes = .zero
    nothing.conformal = .zero
    return nothing
  }()

  public static func += (left: inout CertaintyStatistics, right: CertaintyStatistics) {
    if right.confidences.isEmpty { return }
    if left.confidences.isEmpty {
      left = right
      return
    }
    for index in left.confidences.indices { left.confidences[index] += right.confidences[index] }
    left.confidenceSum += right.confidenceSum
    left.calibration += right.calibration
    left.outcomes += right.outcomes
    left.scores += right.scores
    left.conformal += right.conformal
  }

  /// Counts one label.
  ///
  /// - Parameters:
  ///   - probabilities: of every class, in class order.
  ///   - truth: the true class; nil where unknown.
  ///   - half: which half of the dialogues the utterance's dialogue belongs to, for conformal sets.
  public mutating func add(
    probabilities: some RandomAccessCollection<Float>, label: Int, truth: Int?, half: ConformalHistogram.Half
  ) {
    let confidence = Double(probabilities[probabilities.index(probabilities.startIndex, offsetBy: label)])
    guard !confidence.isNaN else { return }
    confidences[ConformalHistogram.bin(confidence)] += 1
    confidenceSum.add(confidence)
    guard let truth else { return }
    calibration.add(confidence: confidence, correct: label == truth)
    outcomes.add(confidence: confidence, correct: label == truth)
    scores.add(probabilities: probabilities, truth: truth)
    conformal.add(probabilities: probabilities, truth: truth, half: half)
  }

  /// Labels counted.
  public var count: Int { confidences.reduce(0, +) }

  /// 0 where nothing was counted.
  public var meanConfidence: Double { count == 0 ? 0 : confidenceSum.value / Double(count) }

  /// Share of labels whose confidence lies below a limit, to the width of a bin.
  public func share(below limit: Double) -> Double {
    let bins = min(max(Int((limit * Double(Self.binCount)).rounded()), 0), confidences.count)
    return count == 0 ? 0 : Double(confidences.prefix(bins).reduce(0, +)) / Double(count)
  }
}

extension CertaintyStatistics: CountCodable {
  func write(to writer: inout CountWriter) {
    writer.append(confidences)
    writer.append(confidenceSum)
    for bin in calibration.bins {
      writer.append([bin.count, bin.correct])
      writer.append(bin.confidence)
    }
    writer.append(outcomes.correct)
    writer.append(outcomes.wrong)
    writer.append(scores.count)
    writer.append(scores.brierSum)
    writer.append(scores.negativeLogLikelihoodSum)
    conformal.write(to: &writer)
  }

  mutating func add(from reader: inout CountReader, shape: ProbeShape) throws(ProbeStatisticsError) {
    try reader.add(to: &confidences)
    confidenceSum += try reader.sum()
    var bins: [CalibrationBins.Bin] = []
    for _ in calibration.bins {
      bins.append(
        CalibrationBins.Bin(count: try reader.count(), correct: try reader.count(), confidence: try reader.sum()))
    }
    calibration += CalibrationBins(bins: bins)
    let (correct, wrong) = (try reader.counts(Self.binCount), try reader.counts(Self.binCount))
    if let read = ConfidenceHistogram(correct: correct, wrong: wrong) { outcomes += read }
    scores += ProbabilityScores(
      count: try reader.count(), brierSum: try reader.sum(), negativeLogLikelihoodSum: try reader.sum())
    try conformal.add(from: &reader, shape: shape)
  }
}
