import AMBDSGDN
import BundleScoring
import DialogueDomain
import EvaluationStatistics
import ScoringDaemon
import Tensors

/// The model as the daemon scores with it.
struct ScoringModel: EmotionModel {
  private let scorer: BundleScorer
  private let prober: BundleProber

  /// - Parameters:
  ///   - threads: for scoring; 0 for every processor.
  ///   - probeThreads: likewise for probing.
  init(_ model: Model, threads: Int, probeThreads: Int) {
    scorer = BundleScorer(model, threads: threads == 0 ? Processor.cores : threads)
    prober = BundleProber(model, threads: probeThreads == 0 ? Processor.cores : probeThreads)
  }

  var name: String { scorer.model.configuration.name }
  var digest: String { scorer.model.digest }

  var facts: [String] {
    let configuration = scorer.model.configuration
    let modalities = configuration.modalityOrder.map { modality in
      let entry = configuration.modalities[modality]
      return "\(modality.rawValue) \(entry?.width ?? 0)" + (entry?.extractor.map { " (\($0))" } ?? "")
    }
    return [
      "emotions: \(configuration.emotions.names.joined(separator: ", "))",
      "features: \(modalities.joined(separator: ", "))",
      "parameters: \(configuration.parameterCount)",
    ]
  }

  func score(_ bundle: FeatureBundle, name: String, digest: String) throws -> ScoredBundle {
    try scorer.score(bundle, name: name, digest: digest)
  }

  func probe(
    _ bundle: FeatureBundle, name: String, digest: String, plan: ProbePlan,
    checkpoint: @escaping @Sendable () throws -> Void
  ) throws -> ProbedBundle {
    try prober.probe(bundle, name: name, digest: digest, plan: plan, checkpoint: checkpoint)
  }
}
