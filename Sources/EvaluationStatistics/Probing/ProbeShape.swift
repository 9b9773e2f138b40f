import DialogueDomain

/// What a set of statistics is about: the model, its classes and modalities, and the plan.
///
/// It fixes which conditions there are and in which order; statistics of different shapes do not add up.
public struct ProbeShape: Sendable, Hashable, Codable {
  /// SHA-256 of the model, lower-case hexadecimal.
  public let modelDigest: String
  /// The classes that every count refers to.
  public let emotions: EmotionSet
  /// The model's modalities in the order t, v, a, whether or not a bundle has them.
  public let modalities: [Modality]
  /// The feature deviation that σ = 1 stands for, in the units that enter each modality's projection.
  public let noiseDeviations: [Modality: Double]
  /// Which probes ran, and how deep.
  public let plan: ProbePlan

  /// What statistics must have in common to be added.
  public init(
    modelDigest: String, emotions: EmotionSet, modalities: [Modality], noiseDeviations: [Modality: Double],
    plan: ProbePlan
  ) {
    self.modelDigest = modelDigest
    self.emotions = emotions
    self.modalities = modalities
    self.noiseDeviations = noiseDeviations
    var plan = plan
    // No part of what was measured: shapes compare equal whatever it is.
    plan.shareUnderLoad = 0
    self.plan = plan
  }

  /// How many classes there are.
  public var classes: Int { emotions.count }

  /// All modalities at once, then each alone; a model of one modality has only the first.
  public var patterns: [NoisePattern] {
    modalities.count > 1 ? [.all] + modalities.map(NoisePattern.only) : [.all]
  }

  /// Equal weights, then those that favour one modality.
  public var extremes: [FusionWeights] { FusionWeights.extremes(of: modalities) }

  /// The points of the weight simplex that the imbalance probe looks at.
  public var simplex: [FusionWeights] { FusionWeights.simplex(of: modalities) }

  /// Every non-empty set of modalities that may be left; the whole set comes last.
  ///
  /// Subset k, counted from 1, holds modality i where bit i of k is set.
  public var subsets: [[Modality]] {
    (1..<max(1 << modalities.count, 1)).map { mask in
      modalities.indices.filter { mask & (1 << $0) != 0 }.map { modalities[$0] }
    }
  }

  /// The places of the dropping rates that differ from each other.
  ///
  /// An utterance keeps one of its k modalities, so no more than 1 − 1/k can be dropped: of the rates that reach this, the
  /// first says all.
  public var differentRates: [Int] {
    let most = 1 - 1 / Double(max(modalities.count, 1))
    return plan.missingRates.indices.filter { $0 == 0 || plan.missingRates[$0 - 1] < most }
  }

  /// The condition of a cell of the grid: its place in `gridCells`.
  ///
  /// - Parameter cell: a level of each modality, as indices into the plan's levels.
  public func gridCondition(_ cell: [Int]) -> Int {
    cell.reduce(0) { $0 * plan.levels.count + $1 }
  }

  /// Noise levels of each modality in each cell of the grid, as indices into the plan's levels.
  ///
  /// The last modality's level changes fastest.
  public var gridCells: [[Int]] {
    modalities.reduce([[]]) { cells, _ in
      cells.flatMap { cell in plan.levels.indices.map { cell + [$0] } }
    }
  }
}

/// Which modalities carry the noise of a noise run.
public enum NoisePattern: Sendable, Hashable {
  /// All of the model's modalities at once, the paper's section 6.5.
  case all
  /// One modality; the others stay clean.
  case only(Modality)

  /// `all`, or the modality's name.
  public var name: String {
    switch self {
    case .all: "all"
    case .only(let modality): modality.rawValue
    }
  }

  /// Whether a modality is noisy under this pattern.
  public func covers(_ modality: Modality) -> Bool {
    switch self {
    case .all: true
    case .only(let noisy): noisy == modality
    }
  }
}

/// Weights at which the branches' logits are added: shares on the simplex, which sum to 1.
///
/// The network adds its M branches as they are, which is equal shares of 1/M. So a share w multiplies its branch by
/// w·M, and equal shares give the clean run to the bit. Labels do not depend on that factor; confidences do.
public struct FusionWeights: Sendable, Hashable {
  /// The weight of each modality; they sum to 1.
  public let shares: [Modality: Double]

  /// Weights that sum to 1.
  public init(_ shares: [Modality: Double]) {
    self.shares = shares
  }

  /// What multiplies a branch's logits: w·M, exactly 1 for equal shares; 0 for a modality without a share.
  public func factor(_ modality: Modality) -> Float {
    guard let share = shares[modality] else { return 0 }
    // Equal shares are recognised rather than multiplied: 3 · (1/3) must be 1 to the bit.
    return Set(shares.values).count == 1 ? 1 : Float(share * Double(shares.count))
  }

  /// Shares as percentages, t/v/a: `80/10/10`.
  public var name: String {
    shares.sorted { $0.key < $1.key }.map { String(Int(($0.value * 100).rounded())) }.joined(separator: "/")
  }

  /// The paper's section 6.7 and its controls.
  ///
  /// Equal shares; then each modality in turn with 0.8, the others sharing the rest (0.8/0.1/0.1 with three); then each
  /// modality alone. A model of one modality has only equal shares.
  public static func extremes(of modalities: [Modality]) -> [FusionWeights] {
    let equal = FusionWeights(modalities.reduce(into: [:]) { $0[$1] = 1 / Double(modalities.count) })
    guard modalities.count > 1 else { return [equal] }
    let rest = Double(steps - dominantSteps) / Double(steps * (modalities.count - 1))
    let dominantShare = Double(dominantSteps) / Double(steps)
    let dominant = modalities.map { strong in
      FusionWeights(modalities.reduce(into: [:]) { $0[$1] = $1 == strong ? dominantShare : rest })
    }
    let alone = modalities.map { only in
      FusionWeights(modalities.reduce(into: [:]) { $0[$1] = $1 == only ? 1 : 0 })
    }
    return [equal] + dominant + alone
  }

  /// Every point of the simplex whose shares are multiples of a tenth, in lexical order: 66 for three modalities.
  public static func simplex(of modalities: [Modality]) -> [FusionWeights] {
    func compositions(_ total: Int, into parts: Int) -> [[Int]] {
      parts == 1
        ? [[total]]
        : (0...total).flatMap { first in
          compositions(total - first, into: parts - 1).map { [first] + $0 }
        }
    }
    guard !modalities.isEmpty else { return [] }
    return compositions(steps, into: modalities.count).map { parts in
      FusionWeights(
        Dictionary(uniqueKeysWithValues: zip(modalities, parts.map { Double($0) / Double(steps) })))
    }
  }

  /// Length of `extremes` for that many modalities.
  static func extremeCount(_ modalities: Int) -> Int { modalities > 1 ? 1 + 2 * modalities : 1 }

  /// Length of `simplex`: the ways to hand out the steps, C(steps + M − 1, M − 1).
  static func simplexCount(_ modalities: Int) -> Int {
    modalities == 0 ? 0 : (1..<modalities).reduce(1) { $0 * (steps + $1) / $1 }
  }

  /// A share is counted in tenths.
  private static let steps = 10
  private static let dominantSteps = 8
}
