import DialogueDomain
import EvaluationStatistics
import Tensors

/// Scores whole bundles, each with the model that it is for: every utterance's label, and what explains it.
///
/// ```swift
/// import AMBDSGDN
/// import DialogueBundles
/// import Foundation
///
/// let scorer = BundleScorer(try Model(directory: URL(filePath: "etc/models/meld-minilm")))
/// let bundle = try BundleReader().read(URL(filePath: "friday.h5")).bundle
/// for utterance in try scorer.score(bundle, stability: .standard).utterances {
///   print(utterance.speaker, utterance.emotion, utterance.confidence)  // Joey joy 0.91
///   print(utterance.shares)                                            // what each modality brought
///   print(utterance.margin as Any, utterance.stability as Any)         // how easily the label changes
/// }
/// ```
///
/// The result depends on the model and the bundle alone: not on threads, nor on what else is scored.
public struct BundleScorer: Sendable {
  /// The models that score.
  public let models: ModelFolder
  private let threads: Int
  private let strict: Bool

  /// - Parameters:
  ///   - model: what scores.
  ///   - threads: how many threads a bundle's dialogues and branches are spread over.
  ///   - strict: whether features whose extractor nobody names are refused.
  public init(_ model: Model, threads: Int = Processor.cores, strict: Bool = false) {
    self.init(ModelFolder(model), threads: threads, strict: strict)
  }

  /// Scores with whichever of a directory's models a bundle is for.
  public init(_ models: ModelFolder, threads: Int = Processor.cores, strict: Bool = false) {
    self.models = models
    self.strict = strict
    self.threads = threads
  }

  /// The labels of every utterance, with what explains them.
  ///
  /// - Parameters:
  ///   - bundle: what is scored.
  ///   - name: what the bundle is called, in the result and in messages.
  ///   - digest: SHA-256 of the bundle's file where there is one; it keys the noise, so that equal bundles get equal
  ///     stabilities.
  ///   - plan: the noise levels and seeds that each label's `stability` is measured with; nil to measure none, which
  ///     takes a thirtieth of the time.
  /// - Throws: `FeatureMismatch` where the bundle's features are not what the model was trained on.
  public func score(
    _ bundle: FeatureBundle, name: String = "", digest: String = "", stability plan: ProbePlan? = nil
  ) throws -> ScoredBundle {
    guard let plan else { return try score([NamedBundle(bundle, name: name, digest: digest)])[0].get() }
    let model = models.model(for: bundle)
    try check(bundle, named: name, for: model)
    let cube = try NoisyInference(model, levels: plan.levels, seeds: plan.seeds, threads: threads)
      .cube(bundle, digest: digest)
    return model.scored(bundle, name: name, digest: digest, logits: cube.clean, stability: cube.stability)
  }

  /// The labels of several bundles, those of each as it has them alone, or why it has none; short ones are scored together.
  ///
  /// - Throws: nothing of its own; sharing out the work passes errors on.
  public func score(_ bundles: [NamedBundle]) throws -> [Result<ScoredBundle, any Error>] {
    let chosen = bundles.map { models.model(for: $0.bundle) }
    var results: [Int: Result<ScoredBundle, any Error>] = [:]
    for (index, named) in bundles.enumerated() {
      do {
        try check(named.bundle, named: named.name, for: chosen[index])
      } catch {
        results[index] = .failure(error)
      }
    }
    let sound = bundles.indices.filter { results[$0] == nil }
    for members in Dictionary(grouping: sound, by: { chosen[$0].digest }).values {
      let model = chosen[members[0]]
      let logits = try BranchInference(model, threads: threads).logits(members.map { bundles[$0].bundle })
      for (index, own) in zip(members, logits) {
        let named = bundles[index]
        results[index] = .success(
          model.scored(named.bundle, name: named.name, digest: named.digest, logits: own))
      }
    }
    return bundles.indices.compactMap { results[$0] }
  }

  private func check(_ bundle: FeatureBundle, named name: String, for model: Model) throws {
    try model.configuration.check(bundle, named: name.isEmpty ? nil : name, strict: strict)
  }
}

/// A bundle, what it is called and the digest of its file.
public struct NamedBundle: Sendable {
  /// What is scored.
  public var bundle: FeatureBundle
  /// In the result and in messages.
  public var name: String
  /// SHA-256 of the bundle's file.
  public var digest: String

  /// A bundle under this name.
  public init(_ bundle: FeatureBundle, name: String, digest: String) {
    self.bundle = bundle
    self.name = name
    self.digest = digest
  }
}

extension Model {
  /// A bundle's labels out of its branch logits: fusion (Eqn 29), softmax (Eqn 30) and what explains each label.
  ///
  /// - Parameters:
  ///   - bundle: what was scored.
  ///   - name: what the bundle is called.
  ///   - digest: SHA-256 of the bundle's file.
  ///   - logits: every branch's, as `BranchInference` gives them.
  ///   - stability: of each row, as `BranchLogitCube.stability` gives it; nil where no noise was run.
  public func scored(
    _ bundle: FeatureBundle, name: String, digest: String, logits: BranchLogits, stability: [Double?]? = nil
  ) -> ScoredBundle {
    ScoredBundle(
      name: name, digest: digest, modelName: configuration.name, modelDigest: self.digest,
      emotions: configuration.emotions, trainingLabels: configuration.trainingLabels,
      promise: configuration.doubt?.promise,
      utterances: bundle.dialogues.flatMap { dialogue in
        dialogue.rows.map { row in
          scored(bundle, in: dialogue, row: row, branches: logits.branches(row: row), stability: stability?[row])
        }
      })
  }

  private func scored(
    _ bundle: FeatureBundle, in dialogue: Dialogue, row: Int, branches: [Modality: [Float]], stability: Double?
  ) -> ScoredUtterance {
    let utterance = bundle.utterances[row]
    let fused = ScoredUtterance.fused(branches, classes: configuration.emotions.count)
    let probabilities = Softmax(fused, temperature: configuration.temperature).probabilities
    // An utterance without any modality has no label: the first class would be an invention.
    let label = branches.isEmpty ? nil : argmax(fused)
    let doubt = configuration.doubt
    return ScoredUtterance(
      dialogue: dialogue.id, utterance: utterance.id, turn: row - dialogue.rows.lowerBound,
      speaker: utterance.speaker, start: utterance.start, end: utterance.end,
      emotion: label.map { configuration.emotions[$0] } ?? ScoredUtterance.unknownEmotion,
      confidence: label.map { Double(probabilities[$0]) } ?? 0, probabilities: probabilities, branchLogits: branches,
      shares: label.map { ModalityShares.shares(branches, label: $0) } ?? [:],
      margin: label.flatMap { DominanceMargin.margin(branches, label: $0) }, stability: stability,
      isUncertain: label.flatMap { doubt?.isUncertain(confidence: Double(probabilities[$0])) },
      labelSet: label.flatMap { doubt?.classes(of: probabilities, label: $0) },
      truth: utterance.label.flatMap { bundle.emotions?[$0] }, text: utterance.text)
  }
}
