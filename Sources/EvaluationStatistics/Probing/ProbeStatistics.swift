import DialogueDomain

/// Everything the probes found out about some bundles, as counts and exact sums.
///
/// Statistics of one shape add up in any order to the same bytes: two half-nights make the night.
public struct ProbeStatistics: AdditiveStatistic, Hashable {
  /// The version of the stored form.
  public static let version = 2

  /// Nil only for `zero`.
  public let shape: ProbeShape?
  /// Bundles in the sum.
  public var bundles = 0
  /// Dialogues in the sum.
  public var dialogues = 0
  /// Utterances in the sum.
  public var utterances = 0
  /// Utterances that lack every modality of the model and so have no label; they appear in no other count.
  public var unlabelled = 0
  /// Clean labels against themselves, so that its diagonal is the label distribution, and truth against clean labels.
  public var clean: PerturbationCounts = .zero
  /// [patterns, levels above 0, seeds]; see `noise(_:level:seed:)`.
  public var noise: ConditionTable<PerturbationCounts> = .zero
  /// One condition per cell of `ProbeShape.gridCells`, summed over seeds.
  public var grid: LabelTallies = .zero
  /// One cell per `ProbeShape.extremes`.
  public var extremes: ConditionTable<PerturbationCounts> = .zero
  /// One condition per point of `ProbeShape.simplex`.
  public var simplex: LabelTallies = .zero
  /// One cell per `ProbeShape.subsets`.
  public var subsets: ConditionTable<PerturbationCounts> = .zero
  /// [missing rates, seeds]: modalities dropped at random.
  public var dropped: ConditionTable<PerturbationCounts> = .zero
  /// [modalities, seeds]: one modality missing over one stretch of each dialogue.
  public var gaps: ConditionTable<PerturbationCounts> = .zero
  /// One cell per `ProbePlan.certaintyIndices`: noise on all modalities, summed over seeds.
  public var certainty: ConditionTable<CertaintyStatistics> = .zero
  /// One cell per modality of the shape.
  public var health: ConditionTable<FeatureHealth> = .zero
  /// The stability of each dialogue, level by level.
  public var curves: DialogueCurves = .zero
  /// How loud each modality of the shape speaks: Σ |L_m[c] − mean over classes of L_m| over utterances and classes of the
  /// clean run; empty where some of the statistics are of a version that did not keep it.
  public var strengths: [ExactSum] = []

  /// The statistics of nothing.
  public static let zero = ProbeStatistics(noShape: ())

  private init(noShape: Void) {
    shape = nil
  }

  /// Nothing counted yet.
  public init(shape: ProbeShape) {
    func counts(_ conditions: Int) -> ConditionTable<PerturbationCounts> {
      ConditionTable([PerturbationCounts](repeating: PerturbationCounts(classes: shape.classes), count: conditions))
    }
    self.shape = shape
    clean = PerturbationCounts(classes: shape.classes)
    noise = counts(shape.noiseConditions)
    grid = shape.gridConditions == 0 ? .zero : LabelTallies(classes: shape.classes, conditions: shape.gridConditions)
    extremes = counts(shape.extremeConditions)
    simplex =
      shape.simplexConditions == 0
      ? .zero : LabelTallies(classes: shape.classes, conditions: shape.simplexConditions)
    subsets = counts(shape.subsetConditions)
    dropped = counts(shape.droppedConditions)
    gaps = counts(shape.gapConditions)
    certainty = ConditionTable(
      [CertaintyStatistics](repeating: CertaintyStatistics(), count: shape.plan.certaintyIndices.count))
    health = ConditionTable([FeatureHealth](repeating: .zero, count: shape.modalities.count))
    strengths = [ExactSum](repeating: .zero, count: shape.modalities.count)
  }

  /// Whether two statistics may be added.
  public func addsUp(with other: ProbeStatistics) -> Bool {
    shape == nil || other.shape == nil || shape == other.shape
  }

  /// Adds everything; both sides must have one shape (see `addsUp(with:)`), or one of them be `zero`.
  public static func += (left: inout ProbeStatistics, right: ProbeStatistics) {
    precondition(left.addsUp(with: right), "statistics of different models or plans do not add up")
    if right.shape == nil { return }
    if left.shape == nil {
      left = right
      return
    }
    left.bundles += right.bundles
    left.dialogues += right.dialogues
    left.utterances += right.utterances
    left.unlabelled += right.unlabelled
    left.clean += right.clean
    left.noise += right.noise
    left.grid += right.grid
    left.extremes += right.extremes
    left.simplex += right.simplex
    left.subsets += right.subsets
    left.dropped += right.dropped
    left.gaps += right.gaps
    left.certainty += right.certainty
    left.health += right.health
    left.curves += right.curves
    left.strengths = zip(left.strengths, right.strengths).map { $0 + $1 }
  }

  /// Each modality's share of what all of them say, in the shape's order; nil where it was not kept or nothing was said.
  public var logitShares: [Double]? {
    let total = strengths.reduce(0) { $0 + $1.value }
    return total > 0 ? strengths.map { $0.value / total } : nil
  }

  /// Labels whose truth is known.
  public var known: Int { clean.truth.total }
}

extension ProbeStatistics {
  /// What noise did to the labels.
  ///
  /// - Parameters:
  ///   - pattern: one of the shape's patterns.
  ///   - level: an index into the plan's levels; 0 gives the clean run.
  ///   - seed: an index into the plan's seeds; nil sums over them, which leaves the clean run counted once.
  ///
  /// Nil where no noise probe ran.
  public func noise(_ pattern: NoisePattern, level: Int, seed: Int? = nil) -> PerturbationCounts? {
    guard let shape, !noise.isEmpty, let place = shape.patterns.firstIndex(of: pattern),
      shape.plan.levels.indices.contains(level)
    else { return nil }
    if level == 0 { return clean }
    let seeds = shape.plan.seeds.count
    let first = (place * (shape.plan.levels.count - 1) + level - 1) * seeds
    guard let seed else { return noise.total(first..<first + seeds) }
    return (0..<seeds).contains(seed) ? noise[first + seed] : nil
  }

  /// What random dropping at a rate did, for one seed or summed over them; nil where it did not run.
  public func dropped(rate: Int, seed: Int? = nil) -> PerturbationCounts? {
    guard let shape else { return nil }
    return seeded(dropped, rate, shape.plan.missingRates.count, seed)
  }

  /// What a gap in one modality did, for one seed or summed over them; nil where it did not run.
  public func gap(_ modality: Modality, seed: Int? = nil) -> PerturbationCounts? {
    guard let shape, let place = shape.modalities.firstIndex(of: modality) else { return nil }
    return seeded(gaps, place, shape.modalities.count, seed)
  }

  private func seeded(
    _ table: ConditionTable<PerturbationCounts>, _ place: Int, _ places: Int, _ seed: Int?
  ) -> PerturbationCounts? {
    guard let seeds = shape?.plan.seeds.count, !table.isEmpty, (0..<places).contains(place) else { return nil }
    guard let seed else { return table.total(place * seeds..<(place + 1) * seeds) }
    return (0..<seeds).contains(seed) ? table[place * seeds + seed] : nil
  }
}

extension ProbeShape {
  /// Points of one dialogue's curves, [patterns, levels above 0].
  public var curvePoints: Int {
    plan.probes.contains(.noise) ? (modalities.count > 1 ? modalities.count + 1 : 1) * (plan.levels.count - 1) : 0
  }

  var noiseConditions: Int { curvePoints * plan.seeds.count }

  // How long the lists of conditions are, without making them: stored statistics are read by the thousand.

  var gridConditions: Int {
    plan.probes.contains(.grid) ? modalities.reduce(1) { count, _ in count * plan.levels.count } : 0
  }

  var extremeConditions: Int {
    plan.probes.contains(.imbalance) ? FusionWeights.extremeCount(modalities.count) : 0
  }

  var simplexConditions: Int {
    plan.probes.contains(.imbalance) ? FusionWeights.simplexCount(modalities.count) : 0
  }

  var subsetConditions: Int { plan.probes.contains(.missing) ? (1 << modalities.count) - 1 : 0 }

  var droppedConditions: Int {
    plan.probes.contains(.missing) ? plan.missingRates.count * plan.seeds.count : 0
  }

  var gapConditions: Int { plan.probes.contains(.missing) ? modalities.count * plan.seeds.count : 0 }
}
