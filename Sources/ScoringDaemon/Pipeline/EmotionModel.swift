import BundleScoring
import DialogueDomain
import EvaluationStatistics

/// Scores bundles for the pipeline.
public protocol EmotionModel: Sendable {
  var name: String { get }
  /// SHA-256 over the model's configuration and tensors.
  var digest: String { get }
  /// What `ambd --check` prints of the model, one fact a line.
  var facts: [String] { get }

  /// Labels every utterance.
  ///
  /// - Parameters:
  ///   - name: the bundle's file name.
  ///   - digest: the bundle's digest.
  /// - Throws: preferably an `ExplainedError`, where the bundle does not suit the model.
  func score(_ bundle: FeatureBundle, name: String, digest: String) throws -> ScoredBundle

  /// Labels every utterance once more, with how far the label holds under noise.
  ///
  /// - Parameters:
  ///   - name: the bundle's file name.
  ///   - digest: the bundle's digest.
  ///   - checkpoint: called before each part of the work, on any thread; it may block, and what it throws ends the run.
  func probe(
    _ bundle: FeatureBundle, name: String, digest: String, plan: ProbePlan,
    checkpoint: @escaping @Sendable () throws -> Void
  ) throws -> ProbedBundle
}
