import DialogueDomain
import EvaluationStatistics
import Foundation
import ResultIndex

/// All figures of a report: what its JSON form holds and every other form is drawn from.
///
/// A function of `NightSources` alone: the same sources give the same bytes. ambq-report(5) describes each field.
public struct NightReport: Codable, Sendable, Equatable {
  /// The version of the JSON form; new fields may come without a new version.
  public static let currentVersion = 1
  /// What `format` of the JSON form says.
  public static let formatName = "ambq-report"

  /// Always `formatName`.
  public var format = Self.formatName
  /// The version of the JSON form that this is.
  public var version = Self.currentVersion
  /// What time the report is about.
  public var period: ReportPeriod
  /// Which utterances it is of; nil: all.
  public var filter: FilterFigures?
  /// Whether the period kept to the limits.
  public var verdict: Verdict
  /// What a person reads first; nil in reports of before there was any.
  public var morning: MorningFigures?
  /// How many bundles there were, and what became of them.
  public var bundles: BundleFigures
  /// The labels of all models together.
  public var emotions: EmotionFigures
  /// What could not be scored, in the order of time.
  public var failures: [FailureRecord]
  /// What people corrected; nil where they corrected nothing.
  public var corrections: CorrectionFigures?
  /// Bundles whose words the text encoder does not know, in the order of time.
  public var unknownWords: [UnknownWordsFigures]
  /// One entry per model, the one with most utterances first.
  public var models: [ModelFigures]
  /// What the report was made of, and by what.
  public var provenance: Provenance

  /// Works out every figure.
  public init(_ sources: NightSources) {
    let night = sources.night
    period = sources.period
    filter = sources.filter.map(FilterFigures.init)
    bundles = BundleFigures(night)
    emotions = EmotionFigures(night, sources.period)
    failures = night.failures
    corrections = CorrectionFigures(night.corrections)
    unknownWords = night.scorings.compactMap(UnknownWordsFigures.init)
    models = ModelFigures.all(sources)
    let verdict = Verdict(sources)
    self.verdict = verdict
    morning = MorningFigures(sources, verdict, models, emotions)
    provenance = Provenance(sources)
  }
}

/// How many bundles there were and what became of them.
public struct BundleFigures: Codable, Sendable, Equatable {
  /// Bundles scored.
  public var scored: Int
  /// Dialogues in them.
  public var dialogues: Int
  /// Utterances in them.
  public var utterances: Int
  /// Utterances whose true emotion is known.
  public var labelled: Int
  /// Bundles that could not be scored.
  public var failed: Int
  /// Bundles that wait to be tried again.
  public var deferred: Int
  /// Bundles whose probes are done.
  public var probed: Int
  /// Bundles whose probes are still to run.
  public var pending: Int
  /// Bundles whose probes were passed over.
  public var skipped: Int
  /// Those not probed yet, then those passed over, by title; at most `listed` of each.
  public var pendingTitles: [String]
  /// Bundles whose probes were passed over, by title; at most `listed`.
  public var skippedTitles: [String]

  private static let listed = 20

  init(_ night: NightData) {
    let scorings = night.scorings
    func titles(_ state: ProbeState) -> [String] { scorings.filter { $0.probing == state }.map(\.title) }
    scored = scorings.count
    dialogues = scorings.reduce(0) { $0 + $1.dialogues }
    utterances = scorings.reduce(0) { $0 + $1.utterances }
    labelled = scorings.reduce(0) { $0 + $1.truth.utterances }
    failed = night.failures.count { $0.state == .failed }
    deferred = night.failures.count { $0.state == .deferred }
    probed = titles(.done).count
    pending = titles(.pending).count
    skipped = titles(.skipped).count
    pendingTitles = Array(titles(.pending).prefix(Self.listed))
    skippedTitles = Array(titles(.skipped).prefix(Self.listed))
  }
}

/// A bundle whose language the text encoder may not know.
public struct UnknownWordsFigures: Codable, Sendable, Equatable {
  /// The file's name, told apart from others of that name.
  public var bundle: String
  /// SHA-256 of the bundle's bytes.
  public var bundleDigest: String
  /// Utterances in it.
  public var utterances: Int
  /// Share of the words' pieces that the encoder does not know.
  public var share: Double

  /// Nil where the encoder knows enough of them, or read none.
  init?(_ scoring: Scoring) {
    guard let share = scoring.unknownWords, UnknownWords.areMany(share) else { return nil }
    (bundle, bundleDigest, utterances, self.share) = (scoring.title, scoring.digest, scoring.utterances, share)
  }
}

/// The figures of one model: its labels, and one entry of probes per plan.
public struct ModelFigures: Codable, Sendable, Equatable {
  /// The model's name, as its configuration says.
  public var name: String
  /// SHA-256 of its weights and configuration.
  public var digest: String
  /// Its classes, in their order.
  public var emotions: [String]
  /// Bundles that it scored.
  public var bundles: Int
  /// Utterances in them.
  public var utterances: Int
  /// Labels given, in the order of `emotions`.
  public var counts: [Int]
  /// How far its labels have moved.
  public var drift: DriftFigures
  /// Nil where no true emotion is known.
  public var quality: QualityFigures?
  /// What it promised of its doubt and kept; nil where it promises nothing.
  public var doubt: DoubtFigures?
  /// The one over most utterances first.
  public var probes: [RobustnessFigures]

  static func all(_ sources: NightSources) -> [ModelFigures] {
    let byModel = Dictionary(grouping: sources.night.scorings, by: \.modelDigest)
    let models = byModel.values.compactMap { ModelFigures($0, sources) }
    return models.sorted { ($1.utterances, $0.digest) < ($0.utterances, $1.digest) }
  }

  private init?(_ scorings: [Scoring], _ sources: NightSources) {
    guard let first = scorings.first else { return nil }
    name = first.modelName
    digest = first.modelDigest
    emotions = first.emotions.names
    bundles = scorings.count
    utterances = scorings.reduce(0) { $0 + $1.utterances }
    let counts = first.emotions.names.indices.map { index in scorings.reduce(0) { $0 + $1.labels[index] } }
    self.counts = counts
    drift = DriftFigures(
      counts, training: scorings.compactMap(\.trainingLabels).first,
      earlier: sources.earlier.prefix(DriftFigures.nights).map { $0[first.modelDigest] ?? [] })
    quality = QualityFigures(
      scorings.map(\.truth).total(), dialogues: sources.night.dialogues[first.modelDigest] ?? [])
    doubt = sources.night.doubt[first.modelDigest].flatMap(DoubtFigures.init)
    let titles = Dictionary(scorings.map { ($0.digest, $0.title) }) { first, _ in first }
    probes = sources.night.probes.filter { $0.shape?.modelDigest == first.modelDigest }
      .compactMap { RobustnessFigures($0, titles: titles, baseline: sources.baseline) }
      .sorted { ($1.utterances, $0.planDigest) < ($0.utterances, $1.planDigest) }
  }
}

/// What the report was made of and by.
public struct Provenance: Codable, Sendable, Equatable {
  /// The version of the programs.
  public var version: String
  /// Fingerprint of the bundles' digests, in their order.
  public var data: String
  /// Fingerprint of the settings under `report.` and `probes.`.
  public var configuration: String
  /// The models' names and the beginnings of their digests.
  public var models: [String]
  /// When the last correction that counts was taken; nil where nothing was corrected.
  public var corrected: Date?
  /// What the bands' resampling is seeded with.
  public var bootstrapSeed: UInt64
  /// How often the bands resample.
  public var bootstrapResamples: Int

  init(_ sources: NightSources) {
    version = sources.version
    let digests = Set(sources.night.scorings.map(\.digest)).sorted()
    data = Fingerprint.text(digests.joined(separator: "\n"))
    configuration = sources.configurationDigest
    models = Set(sources.night.scorings.map(\.modelDigest)).sorted()
    corrected = sources.night.lastCorrection
    bootstrapSeed = NoiseFigures.bootstrap.seed
    bootstrapResamples = NoiseFigures.bootstrap.resamples
  }
}
