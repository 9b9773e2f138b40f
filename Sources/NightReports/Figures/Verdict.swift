import AmbqConfiguration
import DialogueDomain
import EvaluationStatistics
import Foundation
import Presentation

/// The figures that a night is held against its limits by, over all its models and plans together.
struct HeadlineFigures: Equatable {
  /// Of the labels against the truth; classes of one name are one class.
  var weightedF1: Double?
  var confidence: Double?
  /// Share of labels changed by noise of σ 0.3 on all modalities.
  var flips: Double?
  /// The largest over the models, against the seven nights before.
  var drift: Double?
  /// The largest over the models, against the training labels.
  var trainingDrift: Double?
  /// Share of bundles that failed.
  var failed: Double?
  /// The largest share, over the modalities, of utterances with a strange feature.
  var unhealthy: Double?

  static let flipLevel = 0.3
  /// The mix of fewer labels moves by chance alone: their drift is shown, and judged by no limit.
  static let leastLabels = 100

  /// - Parameter earlier: label counts of the nights before, the latest first.
  init(_ night: NightData, earlier: [[String: [Int]]]) {
    weightedF1 = Self.weightedF1(night.scorings)
    let labels = night.scorings.reduce(0) { $0 + $1.labels.reduce(0, +) }
    confidence = labels == 0 ? nil : night.scorings.map(\.confidenceSum).total().value / Double(labels)

    var counts = (changed: 0, compared: 0)
    for statistics in night.probes {
      guard let level = statistics.shape?.plan.levels.firstIndex(of: Self.flipLevel),
        let noisy = statistics.noise(.all, level: level)
      else { continue }
      counts.changed += noisy.clean.total - noisy.clean.correct
      counts.compared += noisy.clean.total
    }
    flips = counts.compared == 0 ? nil : Double(counts.changed) / Double(counts.compared)

    let drifts = Dictionary(grouping: night.scorings, by: \.modelDigest).compactMap { digest, scorings in
      let classes = 0..<(scorings.first?.labels.count ?? 0)
      let counts = classes.map { index in scorings.reduce(0) { $0 + $1.labels[index] } }
      guard counts.reduce(0, +) >= Self.leastLabels else { return DriftFigures?.none }
      return DriftFigures(
        counts, training: scorings.compactMap(\.trainingLabels).first,
        earlier: earlier.prefix(DriftFigures.nights).map { $0[digest] ?? [] })
    }
    drift = drifts.compactMap(\.week).max()
    trainingDrift = drifts.compactMap(\.training).max()

    let failures = night.failures.count { $0.state == .failed }
    let tried = night.scorings.count + failures
    failed = tried == 0 ? nil : Double(failures) / Double(tried)
    unhealthy =
      night.probes.flatMap { statistics in
        zip(statistics.shape?.modalities ?? [], statistics.health.cells).map(HealthFigures.init)
      }.compactMap(\.suspectShare).max()
  }

  private static func weightedF1(_ scorings: [Scoring]) -> Double? {
    scorings.map(\.truth).total().weightedF1
  }
}

/// Whether the night was within the limits of the configuration.
public struct Verdict: Codable, Sendable, Equatable {
  /// How the night stands against all of its limits.
  public enum State: String, Codable, CaseIterable, Sendable {
    /// Every limit that is set holds.
    case held
    /// At least one limit is broken.
    case broken
    /// No limit is set, or none could be checked.
    case unchecked
    /// Nothing was scored and nothing failed.
    case empty
  }

  /// One figure beside its limit.
  public struct Check: Codable, Sendable, Equatable {
    /// How one figure stands against its limit.
    public enum State: String, Codable, Sendable {
      /// The figure is within its limit.
      case held
      /// The figure is beyond its limit.
      case broken
      /// A limit is set, but the night has no such figure.
      case unknown
      /// No limit is set.
      case unset
    }

    /// The configuration key, such as `report.most_flips`.
    public var key: String
    /// What the figure is, in words.
    public var name: String
    /// The night's figure; nil where it has none.
    public var value: Double?
    /// The same figure of the night before.
    public var previous: Double?
    /// Nil where no limit is set.
    public var limit: Double?
    /// Whether the limit is the least or the most that is allowed.
    public var isLeast: Bool
    /// Whether the figure is a divergence from 0 to 1; else it is a share.
    public var isDivergence: Bool
    /// How `value` stands against `limit`.
    public var state: State

    /// What a broken limit prints.
    public var line: String {
      "\(name): \(text(value)), \(isLeast ? "less" : "more") than \(key) allows (\(text(limit)))"
    }

    /// A value of this figure as people read it.
    func text(_ value: Double?) -> String {
      isDivergence ? NumberText.fixed(value, places: 3) : NumberText.percent(value, places: 1)
    }
  }

  /// How the night stands against all of its limits.
  public var state: State
  /// The verdict in a sentence.
  public var line: String
  /// Every figure that can have a limit, in the order of the configuration.
  public var checks: [Check]

  init(_ sources: NightSources) {
    var now = HeadlineFigures(sources.night, earlier: sources.earlier)
    var before = HeadlineFigures(sources.previous, earlier: Array(sources.earlier.dropFirst()))
    if sources.filter?.tellsFailures == false { (now.failed, before.failed) = (nil, nil) }
    let limits = sources.filter?.isByLabel == true ? .none : sources.limits
    func check(
      _ key: String, _ name: String, _ figure: KeyPath<HeadlineFigures, Double?>, least: Double? = nil,
      most: Double? = nil, isDivergence: Bool = false
    ) -> Check {
      let value = now[keyPath: figure]
      let limit = least.flatMap { $0 > 0 ? $0 : nil } ?? most.flatMap { $0 < 1 ? $0 : nil }
      let state: Check.State
      switch (limit, value) {
      case (nil, _): state = .unset
      case (_, nil): state = .unknown
      case (let limit?, let value?): state = (least != nil ? value < limit : value > limit) ? .broken : .held
      }
      return Check(
        key: "report.\(key)", name: name, value: value, previous: before[keyPath: figure], limit: limit,
        isLeast: least != nil, isDivergence: isDivergence, state: state)
    }
    let checks = [
      check("least_weighted_f1", "weighted F1 against the truth", \.weightedF1, least: limits.leastWeightedF1),
      check("least_confidence", "mean confidence", \.confidence, least: limits.leastConfidence),
      check("most_flips", "labels changed by noise of σ 0.3", \.flips, most: limits.mostFlips),
      check(
        "most_drift", "drift of the labels from the 7 nights before", \.drift, most: limits.mostDrift,
        isDivergence: true),
      check(
        "most_training_drift", "drift of the labels from the training data", \.trainingDrift,
        most: limits.mostTrainingDrift, isDivergence: true),
      check("most_failed", "bundles that failed", \.failed, most: limits.mostFailed),
      check("most_unhealthy", "utterances with strange features", \.unhealthy, most: limits.mostUnhealthy),
    ]
    self.checks = checks
    (state, line) = Self.summary(checks, sources.night, before: sources.previous)
    if sources.filter?.isByLabel == true, state != .empty {
      (state, line) = (.unchecked, "Utterances that are chosen by their labels are held against no limit.")
    }
  }

  /// The lines of what is broken.
  public var broken: [String] {
    let lines = checks.filter { $0.state == .broken }.map(\.line)
    return lines.isEmpty && state == .broken ? [line] : lines
  }

  private static func summary(_ checks: [Check], _ night: NightData, before: NightData) -> (State, String) {
    let failures = night.failures.count { $0.state == .failed }
    let bundles =
      NumberText.count(night.scorings.count, "bundle") + " scored"
      + (failures > 0 ? ", \(NumberText.count(failures)) failed" : "")
    if night.scorings.isEmpty && night.failures.isEmpty {
      guard !before.scorings.isEmpty else { return (.empty, "Nothing arrived in this period.") }
      let earlier = NumberText.count(before.scorings.count, "bundle")
      return (.broken, "Nothing arrived in this period; \(earlier) did in the one before.")
    }
    let broken = checks.filter { $0.state == .broken }
    if let first = broken.first {
      let more = broken.count > 1 ? " (and \(broken.count - 1) more)" : ""
      return (.broken, "Limit broken: \(first.line)\(more).")
    }
    if night.scorings.isEmpty {
      return (
        .unchecked, "Nothing was scored: every bundle \(failures > 0 ? "failed" : "was deferred for another try")."
      )
    }
    let held = checks.count { $0.state == .held }
    let unknown = checks.count { $0.state == .unknown }
    if held == 0 && unknown == 0 {
      return (.unchecked, "\(bundles). No limits are set; set some under [report] in ambd.toml to have nights checked.")
    }
    if held == 0 { return (.unchecked, "\(bundles). Limits are set, but this night has no figure for them.") }
    let missing = unknown > 0 ? "; \(unknown) could not be checked" : ""
    return (.held, "\(bundles); \(held == 1 ? "the limit holds" : "\(held) limits hold")\(missing).")
  }
}

extension AmbdConfiguration.Report {
  /// No limit at all.
  fileprivate static var none: AmbdConfiguration.Report {
    var limits = AmbdConfiguration.Report()
    (limits.mostDrift, limits.mostTrainingDrift, limits.mostFailed, limits.mostUnhealthy) = (1, 1, 1, 1)
    return limits
  }
}
