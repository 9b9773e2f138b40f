import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Tensors

/// Modalities left out, on clean features: a missing modality's term is left out of the sum of branches.
///
/// That is what fusion does where an utterance lacks a modality. Its neighbours' branches still see the features, so
/// these probes ask about fusion, not about context.
public struct MissingModalityProbe: Sendable {
  private let cube: BranchLogitCube
  private let reference: ReferenceLabels
  /// Labels for every set of modalities that may be left, by its bits; set 0 has none.
  private let labels: [[Int32]]

  /// Looks at a cube's labels against the clean ones and the truth.
  public init(_ cube: BranchLogitCube, _ reference: ReferenceLabels) {
    self.cube = cube
    self.reference = reference
    labels = (0..<(1 << cube.modalities.count)).map { set in
      cube.labels(cube.modalities.indices.filter { set & (1 << $0) != 0 }.map { FusionTerm(cube.modalities[$0]) })
    }
  }

  /// Every non-empty set of modalities, in the order of `ProbeShape.subsets`; the last one is the clean run.
  ///
  /// An utterance that has none of a set's modalities is not counted there.
  public func subsets() -> ConditionTable<PerturbationCounts> {
    ConditionTable(labels.dropFirst().map { reference.counts($0, classes: cube.classes) })
  }

  /// Modalities dropped at random: [rates, seeds].
  ///
  /// - Parameter firstRow: the cube's first row in the whole bundle, by which is drawn.
  public func dropped(
    rates: [Double], seeds: [UInt64], bundleDigest: String, firstRow: Int = 0
  ) -> ConditionTable<PerturbationCounts> {
    ConditionTable(
      rates.flatMap { rate in
        seeds.map {
          counts(RandomDropping(rate: rate, seed: $0, bundleDigest: bundleDigest).kept(of: cube, firstRow: firstRow))
        }
      })
  }

  /// One modality missing over one stretch of each dialogue: [modalities, seeds].
  ///
  /// - Parameter firstRow: as above.
  public func gaps(
    share: Double, seeds: [UInt64], bundleDigest: String, dialogues: [Dialogue], firstRow: Int = 0
  ) -> ConditionTable<PerturbationCounts> {
    ConditionTable(
      cube.modalities.indices.flatMap { index in
        seeds.map { seed in
          let gap = ContiguousGap(share: share, seed: seed, bundleDigest: bundleDigest)
          return counts(gap.kept(of: cube, without: index, dialogues: dialogues, firstRow: firstRow))
        }
      })
  }

  /// What leaving each utterance the given set of modalities does.
  private func counts(_ kept: [UInt8]) -> PerturbationCounts {
    reference.counts(kept.indices.map { labels[Int(kept[$0])][$0] }, classes: cube.classes)
  }
}

/// Modalities dropped at random, each utterance being left at least one.
///
/// As in the incomplete-data literature (GCNet), one of an utterance's k modalities, drawn at random, stays; each of
/// the others goes with probability min(1, rate · k / (k − 1)). So the share of modalities that are missing is the
/// rate, up to 1 − 1/k, where every utterance has exactly one left. The draws are the same at every rate: what is
/// missing at one rate is missing at every higher one.
public struct RandomDropping: Sendable, Hashable {
  private let rate: Double
  private let key: UInt64

  /// Draws of one rate and seed, keyed by the bundle's digest.
  public init(rate: Double, seed: UInt64, bundleDigest: String) {
    self.rate = rate
    key = CounterBasedRandom.key(
      seed, CounterBasedRandom.key(named: "dropping"), CounterBasedRandom.key(named: bundleDigest))
  }

  /// The modalities left to an utterance, as bits.
  ///
  /// - Parameters:
  ///   - present: those it has, as bits.
  ///   - row: its row in the bundle.
  public func kept(of present: UInt8, row: Int) -> UInt8 {
    let bits = (0..<8).filter { present & (1 << UInt8($0)) != 0 }
    guard bits.count > 1, rate > 0 else { return present }
    let first = UInt64(row) * 16
    let stays = bits[min(Int(CounterBasedRandom.uniform(key, first) * Double(bits.count)), bits.count - 1)]
    let probability = rate * Double(bits.count) / Double(bits.count - 1)
    return bits.reduce(present) { kept, bit in
      let goes = bit != stays && CounterBasedRandom.uniform(key, first + 1 + UInt64(bit)) < probability
      return goes ? kept & ~(1 << UInt8(bit)) : kept
    }
  }

  func kept(of cube: BranchLogitCube, firstRow: Int) -> [UInt8] {
    (0..<cube.rows).map { kept(of: cube.presence(row: $0), row: firstRow + $0) }
  }
}

/// One modality missing over one contiguous stretch of each dialogue, as when a camera fails for a while.
public struct ContiguousGap: Sendable, Hashable {
  private let share: Double
  private let key: UInt64

  /// - Parameter share: of the dialogue's utterances, rounded up to whole ones.
  public init(share: Double, seed: UInt64, bundleDigest: String) {
    self.share = share
    key = CounterBasedRandom.key(
      seed, CounterBasedRandom.key(named: "gap"), CounterBasedRandom.key(named: bundleDigest))
  }

  /// The rows of a dialogue that the gap covers; every place where it fits is equally likely.
  public func rows(of dialogue: Dialogue) -> Range<Int> {
    let count = dialogue.rows.count
    let length = min(count, Int((share * Double(count) - 1e-9).rounded(.up)))
    let places = count - length + 1
    let draw = CounterBasedRandom.uniform(key, UInt64(dialogue.rows.lowerBound))
    let first = dialogue.rows.lowerBound + min(Int(draw * Double(places)), places - 1)
    return first..<first + length
  }

  /// The modalities left to each utterance, as bits, when the gap is in modality `index`.
  func kept(of cube: BranchLogitCube, without index: Int, dialogues: [Dialogue], firstRow: Int) -> [UInt8] {
    var kept = (0..<cube.rows).map(cube.presence(row:))
    for dialogue in dialogues {
      let whole = firstRow + dialogue.rows.lowerBound..<firstRow + dialogue.rows.upperBound
      for row in rows(of: Dialogue(id: dialogue.id, rows: whole)) { kept[row - firstRow] &= ~(1 << UInt8(index)) }
    }
    return kept
  }
}
