import DialogueDomain

/// Which probes run on a bundle, and how deep: a value out of the configuration.
///
/// Statistics add up only where their plans have one `fingerprint`.
public struct ProbePlan: Sendable, Hashable {
  /// One family of probes.
  public enum Probe: String, Codable, CaseIterable, Sendable, Comparable {
    /// Noise on all modalities at once and on each alone (section 6.5 of the paper).
    case noise
    /// Every combination of noise levels over the modalities.
    case grid
    /// Extreme fusion weights (section 6.7) and the weight simplex.
    case imbalance
    /// Modalities left out: every subset, at random, and over a gap.
    case missing

    public static func < (left: Probe, right: Probe) -> Bool { left.rawValue < right.rawValue }
  }

  /// Noise levels σ in units of each modality's feature deviation: rising from 0, the clean run.
  public let levels: [Double]
  /// Each seed is one independent draw of all noise and of all dropping.
  public let seeds: [UInt64]
  /// Which probes run.
  public let probes: Set<Probe>
  /// Shares of modalities that random dropping takes away: rising from 0.
  public let missingRates: [Double]
  /// Share of each dialogue that one modality's gap covers, rounded up to whole utterances.
  public let gapShare: Double
  /// Levels, out of `levels`, at which confidence and calibration are kept besides the clean run.
  public let certaintyLevels: [Double]
  /// Feature values beyond this many deviations from 0 count as out of range.
  public let plausibleDeviations: Double
  /// Share of bundles that are probed while bundles wait to be scored; no part of the fingerprint, since it changes which
  /// bundles are measured and not how.
  public var shareUnderLoad: Double

  /// The paper's levels, five seeds, every probe.
  public static let standard = ProbePlan(
    unchecked: (0...7).map { Double($0) / 10 }, seeds: [1, 2, 3, 4, 5], probes: Set(Probe.allCases),
    missingRates: (0...7).map { Double($0) / 10 }, gapShare: 0.3, certaintyLevels: [0.3, 0.7],
    plausibleDeviations: 8, shareUnderLoad: 0)

  /// A checked plan.
  ///
  /// - Throws: `ProbePlanError` naming the setting that makes no sense.
  public init(
    levels: [Double] = standard.levels, seeds: [UInt64] = standard.seeds, probes: Set<Probe> = standard.probes,
    missingRates: [Double] = standard.missingRates, gapShare: Double = standard.gapShare,
    certaintyLevels: [Double]? = nil, plausibleDeviations: Double = standard.plausibleDeviations,
    shareUnderLoad: Double = standard.shareUnderLoad
  ) throws(ProbePlanError) {
    self.init(
      unchecked: levels, seeds: seeds, probes: probes, missingRates: missingRates, gapShare: gapShare,
      certaintyLevels: certaintyLevels ?? Self.standard.certaintyLevels.filter(levels.contains),
      plausibleDeviations: plausibleDeviations, shareUnderLoad: shareUnderLoad)
    try check()
  }

  private init(
    unchecked levels: [Double], seeds: [UInt64], probes: Set<Probe>, missingRates: [Double], gapShare: Double,
    certaintyLevels: [Double], plausibleDeviations: Double, shareUnderLoad: Double
  ) {
    self.levels = levels
    self.seeds = seeds
    self.probes = probes
    self.missingRates = missingRates
    self.gapShare = gapShare
    self.certaintyLevels = certaintyLevels
    self.plausibleDeviations = plausibleDeviations
    self.shareUnderLoad = shareUnderLoad
  }

  /// Whether any chosen probe needs runs with noise; without, the clean run is enough.
  public var needsNoise: Bool { probes.contains(.noise) || probes.contains(.grid) }

  /// The levels that have to be run: only the clean one where no probe needs noise.
  public var runLevels: [Double] { needsNoise ? levels : [0] }

  /// Indices into `levels` at which certainty is kept: the clean run, then `certaintyLevels`.
  public var certaintyIndices: [Int] {
    [0] + (probes.contains(.noise) ? certaintyLevels.compactMap { levels.firstIndex(of: $0) } : [])
  }

  /// Tells plans apart by the settings that change what is measured (see `Fingerprint`).
  public var fingerprint: String { Fingerprint.text(canonicalText) }

  private var canonicalText: String {
    "levels \(levels) seeds \(seeds) probes \(probes.sorted().map(\.rawValue)) rates \(missingRates) gap \(gapShare) "
      + "certainty \(certaintyLevels) plausible \(plausibleDeviations)"
  }

  /// Whether a bundle is probed.
  ///
  /// While bundles wait, the bundle's own digest decides, so the same bundles are chosen whatever the order.
  ///
  /// - Parameter bundleDigest: hexadecimal digits.
  public func covers(bundleDigest: String, underLoad: Bool) -> Bool {
    guard !probes.isEmpty else { return false }
    guard underLoad else { return true }
    let place = UInt64(bundleDigest.prefix(12), radix: 16) ?? 0
    return Double(place) < shareUnderLoad * 0x1p48
  }

  private func check() throws(ProbePlanError) {
    try Self.checkRising("levels", levels, upTo: 100)
    try Self.checkRising("missing_rates", missingRates, upTo: 1)
    if seeds.isEmpty || Set(seeds).count < seeds.count || seeds.count > 1000 {
      throw ProbePlanError(setting: "seeds", found: "\(seeds)", expected: "one to a thousand different numbers")
    }
    if levels.count > 64 || missingRates.count > 64 {
      throw ProbePlanError(
        setting: "levels", found: "\(max(levels.count, missingRates.count)) of them", expected: "64 at most")
    }
    try Self.checkShare("gap_share", gapShare)
    try Self.checkShare("share_under_load", shareUnderLoad)
    if let level = certaintyLevels.first(where: { !levels.contains($0) || $0 == 0 }) {
      throw ProbePlanError(setting: "certainty_levels", found: "\(level)", expected: "levels above 0 out of \(levels)")
    }
    if !(plausibleDeviations > 0) || !plausibleDeviations.isFinite {
      throw ProbePlanError(
        setting: "plausible_deviations", found: "\(plausibleDeviations)", expected: "a number above 0")
    }
  }

  private static func checkRising(
    _ setting: String, _ values: [Double], upTo limit: Double
  ) throws(ProbePlanError) {
    let isRising = zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    guard values.first == 0, isRising, values.allSatisfy({ $0 <= limit }) else {
      throw ProbePlanError(setting: setting, found: "\(values)", expected: "rising numbers from 0 to \(limit) at most")
    }
  }

  private static func checkShare(_ setting: String, _ value: Double) throws(ProbePlanError) {
    guard (0...1).contains(value) else {
      throw ProbePlanError(setting: setting, found: "\(value)", expected: "a share between 0 and 1")
    }
  }
}

extension ProbePlan: Codable {
  private enum CodingKeys: String, CodingKey {
    case levels, seeds, probes
    case missingRates = "missing_rates"
    case gapShare = "gap_share"
    case certaintyLevels = "certainty_levels"
    case plausibleDeviations = "plausible_deviations"
    case shareUnderLoad = "share_under_load"
  }

  /// - Throws: `DecodingError` where what is decoded is no such value, `ProbePlanError` where a setting makes no sense.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      levels: container.decode([Double].self, forKey: .levels),
      seeds: container.decode([UInt64].self, forKey: .seeds),
      probes: container.decode(Set<Probe>.self, forKey: .probes),
      missingRates: container.decode([Double].self, forKey: .missingRates),
      gapShare: container.decode(Double.self, forKey: .gapShare),
      certaintyLevels: container.decode([Double].self, forKey: .certaintyLevels),
      plausibleDeviations: container.decode(Double.self, forKey: .plausibleDeviations),
      shareUnderLoad: container.decode(Double.self, forKey: .shareUnderLoad))
  }

  /// - Throws: `EncodingError` where the encoder cannot take the values.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(levels, forKey: .levels)
    try container.encode(seeds, forKey: .seeds)
    try container.encode(probes.sorted(), forKey: .probes)
    try container.encode(missingRates, forKey: .missingRates)
    try container.encode(gapShare, forKey: .gapShare)
    try container.encode(certaintyLevels, forKey: .certaintyLevels)
    try container.encode(plausibleDeviations, forKey: .plausibleDeviations)
    try container.encode(shareUnderLoad, forKey: .shareUnderLoad)
  }
}

/// A setting of the probes that makes no sense.
public struct ProbePlanError: ExplainedError, Equatable {
  /// The setting's name in the configuration.
  public let setting: String
  /// What the setting holds.
  public let found: String
  /// What it takes.
  public let expected: String

  /// A setting that a plan cannot have.
  public init(setting: String, found: String, expected: String) {
    self.setting = setting
    self.found = found
    self.expected = expected
  }

  public var explanation: Explanation {
    Explanation(
      .usage, "a probe setting makes no sense", at: "probes.\(setting)", found: found, expected: expected)
  }
}
