import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import ModelTraining

/// Under what conditions a trained model is evaluated: on which dialogues, with what noise, at which fusion weights.
public struct EvaluationCondition: Sendable, Hashable, Codable {
  /// Only dialogues of at least so many utterances.
  public var shortest = 1
  /// σ of the noise on all modalities, in units of each one's feature deviation.
  public var noise = 0.0
  /// The weight of each modality by name, summing to 1; nil for the model's own equal ones.
  public var weights: [String: Double]?

  /// All dialogues, undisturbed.
  public init() {}

  /// Longer dialogues only.
  init(shortest: Int) { self.shortest = shortest }

  /// With noise on all features.
  init(noise: Double) { self.noise = noise }

  /// With other fusion weights.
  init(weights: FusionWeights) {
    self.weights = weights.shares.reduce(into: [:]) { $0[$1.key.rawValue] = $1.value }
  }

  private var fusionWeights: FusionWeights? {
    weights.map { named in
      FusionWeights(
        named.reduce(into: [:]) { shares, entry in
          if let modality = Modality(rawValue: entry.key) { shares[modality] = entry.value }
        })
    }
  }

  /// The noise levels of the paper's Figure 7, and the draws of each that are counted together.
  static let noisePlan = ProbePlan.standard

  /// Labels against the truth under each of some conditions.
  ///
  /// - Throws: `TrainingError` where data and model do not fit.
  static func confusions(
    _ conditions: [EvaluationCondition], of model: Model, on data: TrainingData, threads: Int
  ) throws -> [EvaluationCondition: ConfusionCounts] {
    var found: [EvaluationCondition: ConfusionCounts] = [:]
    for condition in conditions where condition.noise == 0 && condition.weights == nil {
      found[condition] = try Evaluation(model, data.dialogues(ofAtLeast: condition.shortest), threads: threads)
        .confusion
    }
    let disturbed = conditions.filter { found[$0] == nil }
    guard !disturbed.isEmpty else { return found }
    try Evaluation.requireFit(model, data)
    let levels = Set([0] + disturbed.map(\.noise)).sorted()
    let seeds = levels.count > 1 ? noisePlan.seeds : [1]
    let cube = try NoisyInference(model, levels: levels, seeds: seeds, threads: threads)
      .cube(data.bundle, digest: data.digest)
    let truths = data.labels(among: model.configuration.emotions)
    for condition in disturbed {
      var counts = ConfusionCounts(classes: model.configuration.emotions.count)
      let level = levels.firstIndex(of: condition.noise) ?? 0
      for seed in 0..<(level == 0 ? 1 : seeds.count) {
        let labels = cube.labels(
          cube.modalities.map {
            FusionTerm($0, level: level, seed: seed, factor: condition.fusionWeights?.factor($0) ?? 1)
          })
        for (label, truth) in zip(labels, truths) {
          if let truth, label >= 0 { counts.add(truth: truth, predicted: Int(label)) }
        }
      }
      found[condition] = counts
    }
    return found
  }
}

extension TrainingData {
  /// Only the dialogues of at least so many utterances.
  func dialogues(ofAtLeast count: Int) -> TrainingData {
    selecting(bundle.dialogues.indices.filter { bundle.dialogues[$0].rows.count >= count })
  }
}
