import DialogueDomain
import EvaluationStatistics
import Tensors

/// Every branch's logits for one bundle at every noise level and seed: L[modality][level][seed][utterance][class].
///
/// Branches never meet before their logits are added, so whatever is to be known about noise, fusion weights or missing
/// modalities is arithmetic on these numbers. Level 0, the clean run, is held once.
public struct BranchLogitCube: Sendable {
  /// Classes, C.
  public let classes: Int
  /// Utterances, T.
  public let rows: Int
  /// Noise levels σ; the first is 0.
  public let levels: [Double]
  /// Independent draws of the noise.
  public let seeds: Int
  /// The model's modalities in the order t, v, a; those that the bundle lacks are among them and count for nothing.
  public let modalities: [Modality]
  /// [runs] of each branch that ran; class-major [C, T], zero in rows that lack the modality.
  private let planes: [Modality: [Matrix]]
  /// One bit per modality, in the order of `modalities`: which of them each utterance has.
  private let presence: [UInt8]

  /// - Parameters:
  ///   - classes: C.
  ///   - rows: T.
  ///   - levels: σ, rising from 0.
  ///   - seeds: draws of the noise at each level above 0.
  ///   - modalities: the model's.
  ///   - logits: of each branch that ran, one [T, C] table, row-major, per run: the clean run, then for each level
  ///     above 0 each seed.
  ///   - missing: rows that lack a modality; their logits are passed over.
  public init(
    classes: Int, rows: Int, levels: [Double], seeds: Int, modalities: [Modality], logits: [Modality: [[Float]]],
    missing: [Modality: [Bool]] = [:]
  ) {
    precondition(levels.first == 0 && seeds > 0, "the first level is the clean run, and there is a seed")
    self.classes = classes
    self.rows = rows
    self.levels = levels
    self.seeds = seeds
    self.modalities = modalities.sorted()
    let runs = 1 + (levels.count - 1) * seeds
    planes = logits.reduce(into: [:]) { planes, branch in
      precondition(branch.value.count == runs, "a branch has one table for every level and seed")
      planes[branch.key] = branch.value.map {
        Self.plane($0, classes: classes, rows: rows, missing: missing[branch.key])
      }
    }
    var presence = [UInt8](repeating: 0, count: rows)
    for (index, modality) in self.modalities.enumerated() where logits[modality] != nil {
      for row in 0..<rows where missing[modality]?[row] != true { presence[row] |= 1 << UInt8(index) }
    }
    self.presence = presence
  }

  /// Which of a branch's runs holds a level and a seed, both counted from 0.
  public func run(level: Int, seed: Int) -> Int {
    precondition(levels.indices.contains(level) && (0..<seeds).contains(seed), "level and seed within the cube")
    return level == 0 ? 0 : 1 + (level - 1) * seeds + seed
  }

  /// The modalities that an utterance has, as bits in the order of `modalities`.
  public func presence(row: Int) -> UInt8 { presence[row] }

  /// One utterance's logits of one branch [C]; nil where the utterance lacks the modality.
  public func logits(_ modality: Modality, level: Int, seed: Int, row: Int) -> [Float]? {
    guard let index = modalities.firstIndex(of: modality), presence[row] & (1 << UInt8(index)) != 0,
      let plane = planes[modality]?[run(level: level, seed: seed)]
    else { return nil }
    return (0..<classes).map { plane[$0, row] }
  }

  /// The clean run.
  public var clean: BranchLogits {
    var missing: [Modality: [Bool]] = [:]
    for (index, modality) in modalities.enumerated() where planes[modality] != nil {
      let absent = presence.map { $0 & (1 << UInt8(index)) == 0 }
      if absent.contains(true) { missing[modality] = absent }
    }
    return BranchLogits(
      classes: classes, rows: rows, logits: planes.compactMapValues { $0.first?.transposed().values },
      missing: missing)
  }

  /// [C, T] from [T, C].
  private static func plane(_ table: [Float], classes: Int, rows: Int, missing: [Bool]?) -> Matrix {
    let matrix = Matrix(rows: rows, columns: classes, table)
    return (missing.map { matrix.clearingRows($0) } ?? matrix).transposed()
  }
}

extension BranchLogitCube {
  /// The label of every utterance under a weighted sum of runs; −1 where it has none of the summands.
  ///
  /// The label is the first of the greatest elements of Σ factor · L. A term whose factor is 0 is left out.
  public func labels(_ terms: [FusionTerm]) -> [Int32] {
    let used = terms.filter { $0.factor != 0 && planes[$0.modality] != nil }.sorted { $0.modality < $1.modality }
    let mask = modalities.indices.reduce(into: 0 as UInt8) { mask, index in
      if used.contains(where: { $0.modality == modalities[index] }) { mask |= 1 << UInt8(index) }
    }
    guard mask != 0 else { return [Int32](repeating: -1, count: rows) }
    var labels = SumLabels.labels(
      used.compactMap { term in
        planes[term.modality].map {
          SumLabels.Term($0[run(level: term.level, seed: term.seed)], factor: term.factor)
        }
      })
    for row in labels.indices where presence[row] & mask == 0 { labels[row] = -1 }
    return labels
  }

  /// The clean labels: Σ_m L[m][0].
  public var cleanLabels: [Int32] { labels(modalities.map { FusionTerm($0) }) }

  /// Share of each utterance's noisy runs that keep its label; nil for an utterance without a label.
  ///
  /// The runs are those with noise on all modalities, at every level above 0 and every seed: 35 of them by the
  /// standard plan. Nil for all where the cube has only the clean run.
  public var stability: [Double?] {
    let clean = cleanLabels
    var kept = [Int](repeating: 0, count: rows)
    for level in levels.indices.dropFirst() {
      for seed in 0..<seeds {
        let labels = labels(modalities.map { FusionTerm($0, level: level, seed: seed) })
        for row in labels.indices where labels[row] == clean[row] { kept[row] += 1 }
      }
    }
    let noisyRuns = (levels.count - 1) * seeds
    return (0..<rows).map { noisyRuns == 0 || clean[$0] < 0 ? nil : Double(kept[$0]) / Double(noisyRuns) }
  }

  /// Σ |L_m[c] − mean over classes of L_m| over the utterances that have the modality, and the classes, of the clean run.
  public func strength(of modality: Modality) -> ExactSum {
    var sum = ExactSum.zero
    for row in 0..<rows {
      guard let logits = logits(modality, level: 0, seed: 0, row: row) else { continue }
      let mean = logits.reduce(0) { $0 + Double($1) } / Double(classes)
      sum.add(logits.reduce(0) { $0 + abs(Double($1) - mean) })
    }
    return sum
  }

  /// The fused logits of the run with noise on all modalities, as [T, C].
  public func fused(level: Int, seed: Int) -> [Float] {
    var sum = [Float](repeating: 0, count: rows * classes)
    for modality in modalities {
      planes[modality]?[run(level: level, seed: seed)].withElements { plane in
        for label in 0..<classes {
          for row in 0..<rows { sum[row * classes + label] += plane[label * rows + row] }
        }
      }
    }
    return sum
  }
}

/// One branch's part of a fused run: which of its runs, and its weight.
public struct FusionTerm: Sendable, Hashable {
  /// The branch.
  public var modality: Modality
  /// The place of its noise level in the plan; 0 is the clean run.
  public var level: Int
  /// The place of its seed in the plan.
  public var seed: Int
  /// What its logits are multiplied by.
  public var factor: Float

  /// One branch's part of a sum; without more, its clean logits.
  public init(_ modality: Modality, level: Int = 0, seed: Int = 0, factor: Float = 1) {
    self.modality = modality
    self.level = level
    self.seed = seed
    self.factor = factor
  }
}
