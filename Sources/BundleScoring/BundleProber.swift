import AMBDSGDN
import DialogueBundles
import DialogueDomain
import EvaluationStatistics
import Foundation

/// What probing a bundle gives to those who keep results.
public struct ProbedBundle: Sendable {
  /// The labels as scoring gives them, to the bit, and each with its stability.
  public var scored: ScoredBundle
  /// `ProbeStatistics` in their stored form.
  public var statistics: Data

  public init(scored: ScoredBundle, statistics: Data) {
    self.scored = scored
    self.statistics = statistics
  }
}

/// Probes whole bundles with one model: how far their labels hold under noise, and without a modality.
public struct BundleProber: Sendable {
  public let model: Model
  private let threads: Int

  /// - Parameter threads: with one, all work is done on the calling thread, and so at its priority.
  public init(_ model: Model, threads: Int) {
    self.model = model
    self.threads = threads
  }

  /// Runs a plan on one bundle.
  ///
  /// - Parameter checkpoint: see `ProbeRun.run`.
  /// - Throws: `BundleError` where the bundle's features are not what the model was trained on, and what `checkpoint`
  ///   throws.
  public func probe(
    _ bundle: FeatureBundle, name: String, digest: String, plan: ProbePlan,
    checkpoint: @escaping @Sendable () throws -> Void = {}
  ) throws -> ProbedBundle {
    try model.expectation.check(bundle, named: name)
    let outcome = try ProbeRun(model, plan: plan, threads: threads).run(bundle, digest: digest, checkpoint: checkpoint)
    return ProbedBundle(
      scored: model.scored(
        bundle, name: name, digest: digest, logits: outcome.logits, stability: outcome.stability),
      statistics: try outcome.statistics.encoded())
  }
}
