import AMBDSGDN
import DialogueBundles
import DialogueDomain
import Foundation

/// Scores whole bundles with one model: the main job as one function.
public struct BundleScorer: Sendable {
  public let model: Model
  private let inference: BranchInference

  /// - Parameter threads: how many threads a bundle's dialogues and branches are spread over.
  public init(_ model: Model, threads: Int) {
    self.model = model
    inference = BranchInference(model, threads: threads)
  }

  /// The labels of every utterance, with what explains them.
  ///
  /// - Throws: `BundleError` where the bundle's features are not what the model was trained on.
  public func score(_ bundle: FeatureBundle, name: String, digest: String) throws -> ScoredBundle {
    try model.expectation.check(bundle, named: name)
    return model.scored(bundle, name: name, digest: digest, logits: try inference.logits(bundle))
  }
}

extension Model {
  /// A bundle's labels out of its branch logits.
  ///
  /// - Parameter stability: of each row, where a noise probe ran.
  func scored(
    _ bundle: FeatureBundle, name: String, digest: String, logits: BranchLogits, stability: [Double?]? = nil
  ) -> ScoredBundle {
    ScoredBundle(
      name: name, digest: digest, modelName: configuration.name, modelDigest: self.digest,
      emotions: configuration.emotions, trainingLabels: configuration.trainingLabels,
      utterances: bundle.dialogues.flatMap { dialogue in
        dialogue.rows.map { row in
          var utterance = UtteranceScore.scored(
            bundle.utterances[row], in: dialogue, row: row, logits: logits, truth: bundle.truth(row: row),
            configuration: configuration)
          utterance.stability = stability?[row]
          return utterance
        }
      })
  }
}

extension FeatureBundle {
  /// The name of a row's label, where it has one.
  func truth(row: Int) -> String? {
    guard let label = utterances[row].label else { return nil }
    return emotions?[label]
  }
}
