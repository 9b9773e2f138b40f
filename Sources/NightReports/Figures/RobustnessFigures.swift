import DialogueDomain
import EvaluationStatistics

/// What the probes of one model and one plan found.
public struct RobustnessFigures: Codable, Sendable, Equatable {
  /// Which probes ran, and how deep.
  public var plan: PlanFigures
  /// Fingerprint of the plan.
  public var planDigest: String
  /// The model's classes, in their order.
  public var emotions: [String]
  /// The model's modalities, in their order.
  public var modalities: [Modality]
  /// What σ = 1 stands for in each modality's features.
  public var noiseDeviations: [Modality: Double]
  /// Bundles that were probed.
  public var bundles: Int
  /// Dialogues in them.
  public var dialogues: Int
  /// Utterances in them.
  public var utterances: Int
  /// Utterances that lack every modality.
  public var unlabelled: Int
  /// Utterances whose truth is known.
  public var known: Int
  /// Nil where no noise probe ran.
  public var noise: NoiseFigures?
  /// Nil where the grid did not run.
  public var grid: GridFigures?
  /// One per modality; empty where nothing tells.
  public var sensitivity: [SensitivityFigures]
  /// Nil where the imbalance probe did not run.
  public var weights: WeightFigures?
  /// Nil where the probe of missing modalities did not run.
  public var missing: MissingFigures?
  /// One per level at which confidence was kept.
  public var certainty: [CertaintyFigures]
  /// One per modality.
  public var health: [HealthFigures]
  /// The least stable first, `listed` at most.
  public var unstable: [UnstableDialogue]

  /// Nil for statistics of nothing.
  ///
  /// - Parameters:
  ///   - titles: the names of bundles by digest.
  ///   - baseline: another model's noise curves, which effective robustness is measured against.
  public init?(_ statistics: ProbeStatistics, titles: [String: String] = [:], baseline: NoiseFigures? = nil) {
    guard let shape = statistics.shape, statistics.bundles > 0 else { return nil }
    plan = PlanFigures(shape.plan)
    planDigest = shape.plan.fingerprint
    emotions = shape.emotions.names
    modalities = shape.modalities
    noiseDeviations = shape.noiseDeviations
    bundles = statistics.bundles
    dialogues = statistics.dialogues
    utterances = statistics.utterances
    unlabelled = statistics.unlabelled
    known = statistics.known
    noise = NoiseFigures(statistics, shape, baseline: baseline)
    grid = GridFigures(statistics, shape)
    sensitivity = SensitivityFigures.all(statistics, shape)
    weights = WeightFigures(statistics, shape)
    missing = MissingFigures(statistics, shape)
    certainty = CertaintyFigures.all(statistics, shape)
    health = zip(shape.modalities, statistics.health.cells).map(HealthFigures.init)
    unstable = UnstableDialogue.all(statistics, shape, titles: titles)
  }
}

/// Which probes ran, and how deep.
public struct PlanFigures: Codable, Sendable, Equatable {
  /// Names of the probes, as `probes.kinds` has them.
  public var probes: [String]
  /// σ in units of each modality's feature deviation, from 0, the clean run.
  public var levels: [Double]
  /// Of the draws of noise and of dropping.
  public var seeds: [UInt64]
  /// Shares of modalities dropped at random.
  public var missingRates: [Double]
  /// Share of each dialogue that a gap covers.
  public var gapShare: Double
  /// Levels at which confidence was kept, besides 0.
  public var certaintyLevels: [Double]
  /// Feature values beyond this many deviations count as out of range.
  public var plausibleDeviations: Double

  init(_ plan: ProbePlan) {
    probes = plan.probes.sorted().map(\.rawValue)
    levels = plan.levels
    seeds = plan.seeds
    missingRates = plan.missingRates
    gapShare = plan.gapShare
    certaintyLevels = plan.certaintyLevels
    plausibleDeviations = plan.plausibleDeviations
  }
}

/// The state of one modality's features.
public struct HealthFigures: Codable, Sendable, Equatable {
  /// The modality whose features these are.
  public var modality: Modality
  /// Columns of its features.
  public var width: Int
  /// Utterances looked at.
  public var utterances: Int
  /// Utterances that lack the modality.
  public var missing: Int
  /// Values that are NaN or infinite.
  public var notFinite: Int
  /// Values beyond the plan's plausible deviations.
  public var outOfRange: Int
  /// Utterances with such a value, of either sort.
  public var suspect: Int
  /// Columns that held nothing but zeros.
  public var deadColumns: [Int]
  /// Of x / deviation; near 0 where the data are like the training data.
  public var mean: Double
  /// Of x / deviation; near 1 where the data are like the training data.
  public var rootMeanSquare: Double

  init(_ modality: Modality, _ health: FeatureHealth) {
    self.modality = modality
    width = health.width
    utterances = health.utterances
    missing = health.missing
    notFinite = health.notFinite
    outOfRange = health.outOfRange
    suspect = health.suspect
    deadColumns = health.deadColumns
    mean = health.mean
    rootMeanSquare = health.rootMeanSquare
  }

  /// Share of the utterances that have the modality with at least one strange value; nil where none has it.
  public var suspectShare: Double? {
    utterances > missing ? Double(suspect) / Double(utterances - missing) : nil
  }
}

/// A dialogue whose labels noise changes easily.
public struct UnstableDialogue: Codable, Sendable, Equatable {
  /// The bundle's file name, told apart from others of that name.
  public var bundle: String
  /// SHA-256 of the bundle's bytes.
  public var bundleDigest: String
  /// The dialogue's id within the bundle.
  public var dialogue: String
  /// Utterances that the dialogue has.
  public var utterances: Int
  /// Share of runs with noise on all modalities that keep the label, over all levels and seeds.
  public var stability: Double

  private static let listed = 10
  /// A dialogue of a few utterances is unstable by chance.
  private static let leastUtterances = 3

  static func all(_ statistics: ProbeStatistics, _ shape: ProbeShape, titles: [String: String]) -> [UnstableDialogue] {
    let levels = shape.plan.levels.count - 1
    guard shape.curvePoints > 0 else { return [] }
    let runs = levels * shape.plan.seeds.count
    let all = statistics.curves.ordered.compactMap { entry -> UnstableDialogue? in
      let utterances = entry.curve.utterances
      guard utterances >= leastUtterances, entry.curve.kept.count >= levels else { return nil }
      // The first pattern is noise on all modalities.
      let kept = entry.curve.kept.prefix(levels).reduce(0, +)
      return UnstableDialogue(
        bundle: titles[entry.bundle] ?? entry.bundle, bundleDigest: entry.bundle, dialogue: entry.dialogue,
        utterances: utterances, stability: Double(kept) / Double(utterances * runs))
    }
    let ranked = all.sorted {
      ($0.stability, $0.bundleDigest, $0.dialogue) < ($1.stability, $1.bundleDigest, $1.dialogue)
    }
    return Array(ranked.prefix(listed))
  }
}
