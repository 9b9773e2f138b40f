import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import Tensors

/// What probing a bundle gives to those who keep results.
public struct ProbedBundle: Sendable {
  /// The labels as scoring gives them, to the bit, and each with its stability.
  public var scored: ScoredBundle
  /// `ProbeStatistics` in their stored form.
  public var statistics: Data

  /// What probing gave: labels with their stability, and the encoded statistics.
  public init(scored: ScoredBundle, statistics: Data) {
    self.scored = scored
    self.statistics = statistics
  }
}

/// Probes whole bundles with one model: how far their labels hold under noise, and without a modality.
public struct BundleProber: Sendable {
  /// The model whose labels are probed.
  public let model: Model
  private let matching: EmotionMatching
  private let threads: Int

  /// - Parameters:
  ///   - matching: which class a true emotion's name means.
  ///   - threads: with one, all work is done on the calling thread, and so at its priority.
  public init(_ model: Model, matching: EmotionMatching = EmotionMatching(), threads: Int) {
    self.model = model
    self.matching = matching
    self.threads = threads
  }

  /// Runs a plan on one bundle.
  ///
  /// - Parameter checkpoint: see `ProbeRun.run`.
  /// - Throws: `FeatureMismatch` where the bundle's features are not what the model was trained on, and what `checkpoint`
  ///   throws.
  public func probe(
    _ bundle: FeatureBundle, name: String, digest: String, plan: ProbePlan,
    checkpoint: @escaping @Sendable () throws -> Void = {}
  ) throws -> ProbedBundle {
    try probe(NamedBundle(bundle, name: name, digest: digest), plan: plan, checkpoint: checkpoint)
  }

  /// Runs a plan on one bundle part by part: one part's features and branch-logit cube are held at once.
  ///
  /// - Parameter checkpoint: see `ProbeRun.run`.
  /// - Throws: as above, and what reading a part throws.
  public func probe(
    _ bundle: NamedBundle, plan: ProbePlan, checkpoint: @escaping @Sendable () throws -> Void = {}
  ) throws -> ProbedBundle {
    try model.configuration.check(bundle.outline, named: bundle.name)
    let run = ProbeRun(model, plan: plan, matching: matching, threads: threads)
    var utterances: [ScoredUtterance] = []
    utterances.reserveCapacity(bundle.outline.utterances.count)
    var statistics = ProbeStatistics(shape: run.shape)
    while let part = try bundle.next() {
      let outcome = try run.run(part, digest: bundle.digest, checkpoint: checkpoint)
      utterances += model.scored(part, logits: outcome.logits, stability: outcome.stability)
      statistics += outcome.statistics
    }
    return ProbedBundle(
      scored: model.scored(utterances, name: bundle.name, digest: bundle.digest),
      statistics: try statistics.encoded())
  }
}

/// The probes offline, on a labelled set: the paper's Figures 7 and 8 with one command.
public struct EvaluationProbes: Sendable {
  private let run: ProbeRun

  /// Probes with a model by a plan, on so many threads.
  public init(
    _ model: Model, plan: ProbePlan = .standard, matching: EmotionMatching = EmotionMatching(),
    threads: Int = Processor.cores
  ) {
    run = ProbeRun(model, plan: plan, matching: matching, threads: threads)
  }

  /// The statistics over several bundles, each with its digest.
  ///
  /// - Parameters:
  ///   - bundles: whose widths are the model's.
  ///   - progress: called after each bundle with the number of bundles done.
  /// - Throws: nothing of its own; sharing out the work passes errors on.
  public func statistics(
    _ bundles: [(bundle: FeatureBundle, digest: String)], progress: (Int) -> Void = { _ in }
  ) throws -> ProbeStatistics {
    var sum = ProbeStatistics(shape: run.shape)
    for (index, entry) in bundles.enumerated() {
      sum += try run.run(entry.bundle, digest: entry.digest).statistics
      progress(index + 1)
    }
    return sum
  }
}
