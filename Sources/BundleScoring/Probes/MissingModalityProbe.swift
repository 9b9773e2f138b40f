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
  public func dropped(
    rates: [Double], seeds: [UInt64], bundleDigest: String
  ) -> ConditionTable<PerturbationCounts> {
    ConditionTable(
      rates.flatMap { rate in
        seeds.map { counts(RandomDropping(rate: rate, seed: $0, bundleDigest: bundleDigest).kept(of: cube)) }
      })
  }

  /// One modality missing over one stretch of each dialogue: [modalities, seeds].
  public func gaps(
    share: Double, seeds: [UInt64], bundleDigest: String, dialogues: [Dialogue]
  ) -> ConditionTable<PerturbationCounts> {
    ConditionTable(
      cube.modalities.indices.flatMap { index in
        seeds.map { seed in
          let gap = ContiguousGap(share: share, seed: seed, bundleDigest: bundleDigest)
          return counts(gap.kept(of: cube, without: index, dialogues: dialogues))
        }
      })
  }

  /// What leaving each utterance the given set of modalities does.
  private func counts(_ kept: [UInt8]) -> PerturbationCounts {
    reference.counts(kept.indices.map { labels[Int(kept[$0])][$0] }, classes: cube.classes)
  }
}
