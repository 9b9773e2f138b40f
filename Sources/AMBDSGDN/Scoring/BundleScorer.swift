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
    try model.check(bundle, named: name.isEmpty ? nil : name, strict: strict)
    let cube = try NoisyInference(model, levels: plan.levels, seeds: plan.seeds, threads: threads)
      .cube(bundle, digest: digest)
    return model.scored(bundle, name: name, digest: digest, logits: cube.clean, stability: cube.stability)
  }

  /// The labels of several bundles, those of each as it has them alone, or why it has none; short ones are scored together.
  ///
  /// Each bundle's parts are taken one after the other, and scored when there are rows enough to work on: so much of features
  /// is held at once, however long the bundles are. What is wrong in a later part leaves the bundle without any labels.
  ///
  /// - Parameter seen: called with a bundle's number and each of its parts before that is scored.
  /// - Throws: nothing of its own; sharing out the work passes errors on.
  public func score(
    _ bundles: [NamedBundle], seen: (Int, FeatureBundle) -> Void = { _, _ in }
  ) throws -> [Result<ScoredBundle, any Error>] {
    var scorings = bundles.map { PartwiseScoring($0, by: models.model(for: $0.outline)) }
    var batch: [(index: Int, part: FeatureBundle)] = []
    var rows = 0
    for index in bundles.indices {
      scorings[index].attempt { scoring in
        try scoring.model.configuration.check(scoring.bundle.outline, named: scoring.name, strict: strict)
      }
      while let part = scorings[index].nextPart() {
        seen(index, part)
        batch.append((index, part))
        rows += part.utterances.count
        if rows >= Self.rowsAtOnce {
          try score(batch, &scorings)
          (batch, rows) = ([], 0)
        }
      }
    }
    try score(batch, &scorings)
    return scorings.map(\.result)
  }

  /// Rows that are scored together as soon as there are so many.
  private static let rowsAtOnce = BundleOutline.rowsPerPart

  /// Scores parts of some bundles together.
  private func score(_ batch: [(index: Int, part: FeatureBundle)], _ scorings: inout [PartwiseScoring]) throws {
    let sound = batch.filter { scorings[$0.index].isSound }
    for members in Dictionary(grouping: sound, by: { scorings[$0.index].model.digest }).values {
      let model = scorings[members[0].index].model
      let logits = try BranchInference(model, threads: threads).logits(members.map(\.part))
      for (member, own) in zip(members, logits) { scorings[member.index].add(member.part, own) }
    }
  }
}

/// A bundle that is scored part by part, as far as that has come.
private struct PartwiseScoring {
  let bundle: NamedBundle
  let model: Model
  private var scored: ScoredBundle
  private var range: FeatureRange
  private var error: (any Error)?

  init(_ bundle: NamedBundle, by model: Model) {
    self.bundle = bundle
    self.model = model
    scored = model.scored([], name: bundle.name, digest: bundle.digest)
    scored.utterances.reserveCapacity(bundle.outline.utterances.count)
    range = FeatureRange(model, bundle: bundle.name.isEmpty ? nil : bundle.name)
  }

  /// What to call it in messages.
  var name: String? { bundle.name.isEmpty ? nil : bundle.name }

  var isSound: Bool { error == nil }

  var result: Result<ScoredBundle, any Error> { error.map { .failure($0) } ?? .success(scored) }

  mutating func attempt(_ step: (inout PartwiseScoring) throws -> Void) {
    do { try step(&self) } catch { self.error = error }
  }

  /// The next part, whose values lie in the model's range; nil where there is none or something was wrong.
  mutating func nextPart() -> FeatureBundle? {
    guard isSound else { return nil }
    do {
      guard let part = try bundle.next() else {
        try range.finish()
        return nil
      }
      try range.add(part)
      return part
    } catch {
      self.error = error
      return nil
    }
  }

  mutating func add(_ part: FeatureBundle, _ logits: BranchLogits) {
    scored.utterances += model.scored(part, logits: logits)
  }
}

/// A bundle that is to be scored, what it is called and the digest of its file; its features come part by part.
public struct NamedBundle {
  /// All but the features' values.
  public var outline: BundleOutline
  /// In the result and in messages.
  public var name: String
  /// SHA-256 of the bundle's file.
  public var digest: String
  /// The next part, some whole dialogues with every modality of the outline; nil when there are no more.
  ///
  /// Each is given once: a bundle of this kind is scored once.
  public var next: () throws -> FeatureBundle?

  /// A bundle under this name, whose parts come one after the other.
  public init(_ outline: BundleOutline, name: String, digest: String, next: @escaping () throws -> FeatureBundle?) {
    self.outline = outline
    self.name = name
    self.digest = digest
    self.next = next
  }

  /// A bundle in memory under this name, which is one part.
  public init(_ bundle: FeatureBundle, name: String, digest: String) {
    var rest: FeatureBundle? = bundle
    self.init(BundleOutline(bundle), name: name, digest: digest) { rest.take() }
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
    scored(scored(bundle, logits: logits, stability: stability), name: name, digest: digest)
  }

  /// A bundle of these labels.
  public func scored(_ utterances: [ScoredUtterance], name: String, digest: String) -> ScoredBundle {
    ScoredBundle(
      name: name, digest: digest, modelName: configuration.name, modelDigest: self.digest,
      emotions: configuration.emotions, trainingLabels: configuration.trainingLabels,
      promise: configuration.doubt?.promise, utterances: utterances)
  }

  /// The labels of a bundle, or of a part of one, out of its branch logits.
  public func scored(
    _ bundle: FeatureBundle, logits: BranchLogits, stability: [Double?]? = nil
  ) -> [ScoredUtterance] {
    bundle.dialogues.flatMap { dialogue in
      dialogue.rows.map { row in
        scored(bundle, in: dialogue, row: row, branches: logits.branches(row: row), stability: stability?[row])
      }
    }
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
