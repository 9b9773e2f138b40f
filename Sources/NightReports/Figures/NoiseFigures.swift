import DialogueDomain
import EvaluationStatistics

/// What noise does to the labels: the paper's section 6.5 on this data, and for each modality alone.
public struct NoiseFigures: Codable, Sendable, Equatable {
  /// One pattern of noise.
  public struct Curve: Codable, Sendable, Equatable {
    /// `all`, or the one modality that carries the noise.
    public var noiseOn: String
    /// Share of labels that differ from the clean ones, per level; the mean over seeds, with the band over dialogues.
    public var flips: [ConfidenceBand]
    /// The area under `flips` divided by the range of levels: its mean height.
    public var meanFlips: Double
    /// Per level; nil where no truth is known.
    public var accuracy: [ConfidenceBand]?
    /// Per level, the mean over seeds; nil where no truth is known.
    public var weightedF1: [Double]?
    /// Standard deviation of the weighted F1 over seeds, per level.
    public var weightedF1Deviation: [Double]?
    /// The area under the weighted F1 over the levels, by the trapezium rule.
    public var relativeRobustness: Double?
    /// Σ_x (m(x) − β(x)) against the baseline's weighted F1; nil without a baseline of the same levels.
    public var effectiveRobustness: Double?
    /// Σ errors / Σ errors of the baseline over the levels above 0, errors being 1 − accuracy.
    public var corruptionError: Double?
    /// MMI, (m(0) − m(x)) / m(0) of the weighted F1, at 0.3 and 0.7 where these are levels.
    public var relativeLoss: [Loss]?
  }

  /// The relative loss at one level.
  public struct Loss: Codable, Sendable, Equatable {
    /// σ, in units of each modality's feature deviation.
    public var level: Double
    /// (m(0) − m(σ)) / m(0) of the weighted F1.
    public var loss: Double
  }

  /// σ in units of each modality's feature deviation, from 0, the clean run.
  public var levels: [Double]
  /// Noise on all modalities first, then on each alone.
  public var curves: [Curve]
  /// Dialogues that the bands resample.
  public var dialogues: Int

  /// Fixed, so that the same statistics give the same bands.
  static let bootstrap = Bootstrap(resamples: 1000, seed: 20_250_101)
  fileprivate static let lossLevels = [0.3, 0.7]

  /// Nil where no noise probe ran.
  init?(_ statistics: ProbeStatistics, _ shape: ProbeShape, baseline: NoiseFigures?) {
    guard shape.curvePoints > 0 else { return nil }
    levels = shape.plan.levels
    let dialogueCurves = statistics.curves.ordered.map(\.curve)
    dialogues = dialogueCurves.count
    let bands = DialogueBands(dialogueCurves, shape)
    curves = shape.patterns.enumerated().map { place, pattern in
      let other = baseline.flatMap { $0.levels == shape.plan.levels ? $0 : nil }?.curves
        .first { $0.noiseOn == pattern.name }
      return Curve(pattern, statistics, shape, bands, place, baseline: other)
    }
  }
}

extension NoiseFigures.Curve {
  fileprivate init(
    _ pattern: NoisePattern, _ statistics: ProbeStatistics, _ shape: ProbeShape, _ bands: DialogueBands,
    _ place: Int, baseline: NoiseFigures.Curve?
  ) {
    noiseOn = pattern.name
    let levels = shape.plan.levels
    let range = levels.last ?? 1
    func runs(_ level: Int) -> [PerturbationCounts] {
      if level == 0 { return [statistics.clean] }
      return shape.plan.seeds.indices.compactMap { statistics.noise(pattern, level: level, seed: $0) }
    }
    flips = levels.indices.map { level in
      let value = runs(level).map(\.clean.flipRate).mean
      return bands.flips(place, level).map { ConfidenceBand(value: value, lower: $0.lower, upper: $0.upper) }
        ?? ConfidenceBand(value: value, lower: value, upper: value)
    }
    meanFlips = range > 0 ? RobustnessCurve(levels: levels, scores: flips.map(\.value)).relativeRobustness / range : 0
    guard statistics.known > 0 else { return }
    let accuracy = levels.indices.map { level in
      let value = runs(level).map(\.truth.accuracy).mean
      return bands.accuracy(place, level).map { ConfidenceBand(value: value, lower: $0.lower, upper: $0.upper) }
        ?? ConfidenceBand(value: value, lower: value, upper: value)
    }
    self.accuracy = accuracy
    let scores = levels.indices.map { runs($0).map(\.truth.weightedF1) }
    let curve = RobustnessCurve(levels: levels, scores: scores.map(\.mean))
    weightedF1 = curve.scores
    weightedF1Deviation = scores.map { SeedSummary($0)?.standardDeviation ?? 0 }
    relativeRobustness = curve.relativeRobustness
    relativeLoss = NoiseFigures.lossLevels.compactMap { level in
      curve.relativeLoss(at: level).map { NoiseFigures.Loss(level: level, loss: $0) }
    }
    if let other = baseline?.weightedF1 {
      effectiveRobustness = curve.effectiveRobustness(against: RobustnessCurve(levels: levels, scores: other))
    }
    if let other = baseline?.accuracy {
      corruptionError =
        CorruptionErrors(
          errors: accuracy.dropFirst().map { 1 - $0.value }, baseline: other.dropFirst().map { 1 - $0.value }
        ).corruptionError
    }
  }
}

/// The bands of every point of every curve, from resampling whole dialogues.
private struct DialogueBands {
  private let bands: [ConfidenceBand]
  private let points: Int
  private let levels: Int

  init(_ curves: [DialogueCurve], _ shape: ProbeShape) {
    points = shape.curvePoints
    levels = shape.plan.levels.count - 1
    let (points, seeds) = (points, shape.plan.seeds.count)
    let usable = curves.filter { $0.kept.count == points }
    let rows = usable.flatMap { curve in
      ([curve.utterances, curve.known, curve.cleanCorrect] + curve.kept + curve.correct).map(Int32.init(clamping:))
    }
    bands = NoiseFigures.bootstrap.bands(ofRows: rows, width: 3 + 2 * points) { sums in
      let (compared, known) = (Double(max(sums[0] * seeds, 1)), Double(max(sums[1] * seeds, 1)))
      return [Double(sums[2] * seeds) / known] + sums[3..<3 + points].map { 1 - Double($0) / compared }
        + sums[(3 + points)...].map { Double($0) / known }
    }
  }

  /// Nil at level 0, where nothing can differ, and without dialogues.
  func flips(_ pattern: Int, _ level: Int) -> ConfidenceBand? {
    guard !bands.isEmpty, level > 0 else { return nil }
    return bands[1 + pattern * levels + level - 1]
  }

  func accuracy(_ pattern: Int, _ level: Int) -> ConfidenceBand? {
    guard !bands.isEmpty else { return nil }
    return level == 0 ? bands[0] : bands[1 + points + pattern * levels + level - 1]
  }
}

extension [Double] {
  /// 0 where there are none.
  var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}

/// Every combination of noise levels over the modalities: the paper's Figure 7.
public struct GridFigures: Codable, Sendable, Equatable {
  /// One combination.
  public struct Cell: Codable, Sendable, Equatable {
    /// Per modality, in the order of the model's.
    public var levels: [Double]
    /// Share of labels that differ from the clean ones.
    public var flips: Double
    /// Nil where no truth is known.
    public var accuracy: Double?
    /// Nil where no truth is known.
    public var weightedF1: Double?
  }

  /// The last modality's level changes fastest.
  public var cells: [Cell]

  /// Nil where the grid did not run.
  init?(_ statistics: ProbeStatistics, _ shape: ProbeShape) {
    guard statistics.grid.conditions > 0 else { return nil }
    cells = shape.gridCells.enumerated().map { condition, levels in
      Cell(
        levels: levels.map { shape.plan.levels[$0] }, flips: statistics.grid.flipRate(condition: condition),
        accuracy: statistics.grid.accuracy(condition: condition),
        weightedF1: statistics.grid.weightedF1(condition: condition))
    }
  }
}

/// How much the labels depend on one modality.
public struct SensitivityFigures: Codable, Sendable, Equatable {
  /// The modality that the figures are about.
  public var modality: Modality
  /// Labels changed by noise on this modality alone, at the highest level; nil where no noise ran.
  public var flipsUnderNoise: Double?
  /// Labels changed by leaving this modality out; nil where it did not run or there is no other.
  public var flipsWithout: Double?
  /// Labels that this modality alone would give as all of them do.
  public var agreementAlone: Double?
  /// Weighted F1 lost by leaving it out; nil where no truth is known.
  public var lossWithout: Double?
  /// Weighted F1 of this modality alone; nil where no truth is known.
  public var weightedF1Alone: Double?
  /// Its share of the modalities' centred logits, Σ |L_m[c] − mean L_m|; nil where the probe did not keep it.
  public var logitShare: Double?

  static func all(_ statistics: ProbeStatistics, _ shape: ProbeShape) -> [SensitivityFigures] {
    shape.modalities.enumerated().map { place, modality in
      let pattern: NoisePattern = shape.modalities.count > 1 ? .only(modality) : .all
      let subsets = statistics.subsets.cells
      // Subset k, counted from 1, holds modality i where bit i of k is set; cell k − 1 belongs to it.
      let full = (1 << shape.modalities.count) - 1
      let alone = subsets.isEmpty ? nil : subsets[(1 << place) - 1]
      let without = subsets.isEmpty || shape.modalities.count < 2 ? nil : subsets[(full ^ (1 << place)) - 1]
      let hasTruth = statistics.known > 0
      return SensitivityFigures(
        modality: modality,
        flipsUnderNoise: statistics.noise(pattern, level: shape.plan.levels.count - 1)?.clean.flipRate,
        flipsWithout: without?.clean.flipRate, agreementAlone: alone.map { 1 - $0.clean.flipRate },
        lossWithout: hasTruth ? without.map { statistics.clean.truth.weightedF1 - $0.truth.weightedF1 } : nil,
        weightedF1Alone: hasTruth ? alone?.truth.weightedF1 : nil,
        logitShare: statistics.logitShares?[place])
    }
  }
}
