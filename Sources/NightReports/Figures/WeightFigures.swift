import DialogueDomain
import EvaluationStatistics

/// What shifting weight between the modalities does to the labels: the paper's section 6.7 and Figure 8.
public struct WeightFigures: Codable, Sendable, Equatable {
  /// One of the extreme weightings.
  public struct Extreme: Codable, Sendable, Equatable {
    /// Shares in per cent, in the order of the modalities: `80/10/10`.
    public var weights: String
    /// Share of labels that differ from the clean ones, of equal weights.
    public var flips: Double
    /// Nil where no truth is known.
    public var accuracy: Double?
    /// Nil where no truth is known.
    public var weightedF1: Double?
    /// Labels in columns; in rows the truth where it is known, else the clean labels.
    public var matrix: [[Int]]
  }

  /// One point of the weight simplex.
  public struct Point: Codable, Sendable, Equatable {
    /// In the order of the modalities; they sum to 1.
    public var shares: [Double]
    /// Share of labels that differ from the clean ones, of equal weights.
    public var flips: Double
    /// Nil where no truth is known.
    public var weightedF1: Double?
  }

  /// Whether the matrices' rows are true labels.
  public var againstTruth: Bool
  /// Equal weights, then those that favour one modality.
  public var extremes: [Extreme]
  /// The points of the weight simplex that were looked at.
  public var simplex: [Point]

  /// Nil where the imbalance probe did not run.
  init?(_ statistics: ProbeStatistics, _ shape: ProbeShape) {
    guard !statistics.extremes.isEmpty else { return nil }
    let hasTruth = statistics.known > 0
    againstTruth = hasTruth
    extremes = zip(shape.extremes, statistics.extremes.cells).map { weights, counts in
      Extreme(
        weights: weights.name, flips: counts.clean.flipRate, accuracy: hasTruth ? counts.truth.accuracy : nil,
        weightedF1: hasTruth ? counts.truth.weightedF1 : nil,
        matrix: (hasTruth ? counts.truth : counts.clean).matrix)
    }
    simplex = shape.simplex.enumerated().map { condition, weights in
      Point(
        shares: shape.modalities.map { weights.shares[$0] ?? 0 },
        flips: statistics.simplex.flipRate(condition: condition),
        weightedF1: statistics.simplex.weightedF1(condition: condition))
    }
  }
}

/// What missing modalities do to the labels.
public struct MissingFigures: Codable, Sendable, Equatable {
  /// What was left or taken away.
  public enum Kind: String, Codable, Sendable {
    /// Only these modalities were left.
    case left
    /// Modalities dropped at random at a rate.
    case dropped
    /// One modality missing over one stretch of each dialogue.
    case gap
  }

  /// One way of missing modalities.
  public struct Row: Codable, Sendable, Equatable {
    /// What was left or taken away.
    public var kind: Kind
    /// Those left, or the one with the gap.
    public var modalities: [Modality]?
    /// Share dropped, or share of the dialogue that the gap covers.
    public var share: Double?
    /// Share of labels that differ from those with all modalities; the mean over seeds.
    public var flips: Double
    /// Standard deviation over seeds; nil where there is one run.
    public var flipsDeviation: Double?
    /// Nil where no truth is known.
    public var accuracy: Double?
    /// Nil where no truth is known.
    public var weightedF1: Double?
    /// Labels compared, in one run.
    public var utterances: Int
  }

  /// Modalities left, then rates of dropping, then gaps.
  public var rows: [Row]
  /// Whether dropping nothing gave the clean run's counts exactly, as it must; nil where rate 0 was not run.
  public var rateZeroEqualsClean: Bool?

  /// Nil where the probe did not run.
  init?(_ statistics: ProbeStatistics, _ shape: ProbeShape) {
    guard !statistics.subsets.isEmpty else { return nil }
    let hasTruth = statistics.known > 0
    func row(_ kind: Kind, _ modalities: [Modality]?, _ share: Double?, _ runs: [PerturbationCounts]) -> Row {
      let flips = runs.map(\.clean.flipRate)
      return Row(
        kind: kind, modalities: modalities, share: share, flips: flips.mean,
        flipsDeviation: SeedSummary(flips)?.standardDeviation,
        accuracy: hasTruth ? runs.map(\.truth.accuracy).mean : nil,
        weightedF1: hasTruth ? runs.map(\.truth.weightedF1).mean : nil, utterances: runs.first?.clean.total ?? 0)
    }
    let seeds = shape.plan.seeds.indices
    rows = zip(shape.subsets, statistics.subsets.cells).map { row(.left, $0, nil, [$1]) }
    rows += shape.differentRates.map { place in
      row(.dropped, nil, shape.plan.missingRates[place], seeds.compactMap { statistics.dropped(rate: place, seed: $0) })
    }
    rows += shape.modalities.map { modality in
      row(.gap, [modality], shape.plan.gapShare, seeds.compactMap { statistics.gap(modality, seed: $0) })
    }
    rateZeroEqualsClean = shape.plan.missingRates.firstIndex(of: 0).map { place in
      seeds.allSatisfy { statistics.dropped(rate: place, seed: $0) == statistics.clean }
    }
  }
}

/// How sure the labels are, and how rightly, at one noise level.
public struct CertaintyFigures: Codable, Sendable, Equatable {
  /// What conformal sets of one miscoverage do.
  public struct Conformal: Codable, Sendable, Equatable {
    /// α: the share of sets that may miss the truth.
    public var miscoverage: Double
    /// A class is in the set where its probability is at least this.
    public var threshold: Double
    /// Share of sets that hold the truth.
    public var coverage: Double
    /// Mean number of classes in a set.
    public var meanSize: Double
  }

  /// What needs the truth.
  public struct AgainstTruth: Codable, Sendable, Equatable {
    /// Labels whose truth is known, over all seeds.
    public var labels: Int
    /// Mean distance of confidence and accuracy over the bins, weighted by their counts.
    public var expectedCalibrationError: Double
    /// The largest distance of confidence and accuracy of any bin.
    public var maximumCalibrationError: Double
    /// Mean of Σ_c (p_c − [c is the truth])²; 0 is best, 2 worst.
    public var brier: Double
    /// Mean of −ln p of the truth.
    public var negativeLogLikelihood: Double
    /// Confidence beside accuracy, bin by bin.
    public var reliability: [ReliabilityRow]
    /// Error beside the share of labels kept, the surest first.
    public var riskCoverage: [RiskCoverage.Point]
    /// AURC: the risk averaged over the coverages 1/N … 1; less is better.
    public var areaUnderRiskCoverage: Double
    /// AUGRC: coverage · risk averaged over the coverages 1/N … 1; less is better.
    public var areaUnderGeneralisedRiskCoverage: Double
    /// Accuracy of the surest 80 % of labels.
    public var accuracyAtCoverage80: Double
    /// One per miscoverage that was looked at.
    public var conformal: [Conformal]
  }

  /// σ on all modalities; 0 is the clean run.
  public var level: Double
  /// Over all seeds.
  public var labels: Int
  /// Mean probability of the label given.
  public var meanConfidence: Double
  /// Share of labels with a confidence below 0.5: what a reader who wants even odds would leave aside.
  public var shareBelowHalf: Double
  /// Nil where no truth is known.
  public var judged: AgainstTruth?

  static let miscoverages = [0.1, 0.2]

  static func all(_ statistics: ProbeStatistics, _ shape: ProbeShape) -> [CertaintyFigures] {
    guard let clean = statistics.certainty.cells.first else { return [] }
    return zip(shape.plan.certaintyIndices, statistics.certainty.cells).map { index, cell in
      CertaintyFigures(
        level: shape.plan.levels[index], labels: cell.count, meanConfidence: cell.meanConfidence,
        shareBelowHalf: cell.share(below: 0.5), judged: AgainstTruth(cell, clean: clean))
    }
  }
}

extension CertaintyFigures.AgainstTruth {
  fileprivate init?(_ cell: CertaintyStatistics, clean: CertaintyStatistics) {
    guard cell.scores.count > 0 else { return nil }
    let curve = cell.outcomes.riskCoverage
    labels = cell.scores.count
    expectedCalibrationError = cell.calibration.expectedCalibrationError
    maximumCalibrationError = cell.calibration.maximumCalibrationError
    brier = cell.scores.brier
    negativeLogLikelihood = cell.scores.negativeLogLikelihood
    reliability = cell.calibration.reliability
    riskCoverage = curve.curve
    areaUnderRiskCoverage = curve.areaUnderRiskCoverage
    areaUnderGeneralisedRiskCoverage = curve.areaUnderGeneralisedRiskCoverage
    accuracyAtCoverage80 = curve.accuracy(atCoverage: 0.8)
    conformal = CertaintyFigures.miscoverages.compactMap { miscoverage in
      cell.conformal.figures(miscoverage: miscoverage, calibration: clean.conformal).map {
        CertaintyFigures.Conformal(
          miscoverage: miscoverage, threshold: $0.threshold, coverage: $0.coverage, meanSize: $0.meanSize)
      }
    }
  }
}
