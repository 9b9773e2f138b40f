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
  public let plan: ProbePlan

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

  public var classes: Int { emotions.count }

  /// All modalities at once, then each alone; a model of one modality has only the first.
  public var patterns: [NoisePattern] {
    modalities.count > 1 ? [.all] + modalities.map(NoisePattern.only) : [.all]
  }

  public var extremes: [FusionWeights] { FusionWeights.extremes(of: modalities) }

  public var simplex: [FusionWeights] { FusionWeights.simplex(of: modalities) }

  /// Every non-empty set of modalities that may be left; the whole set comes last.
  ///
  /// Subset k, counted from 1, holds modality i where bit i of k is set.
  public var subsets: [[Modality]] {
    (1..<max(1 << modalities.count, 1)).map { mask in
      modalities.indices.filter { mask & (1 << $0) != 0 }.map { modalities[$0] }
    }
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
