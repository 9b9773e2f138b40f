import DialogueDomain
import EvaluationStatistics
import Foundation
import Tensors

/// Adaptive modality balancing (Algorithm 2, Eqns 19–27): the better a modality does beside the others, the more often
/// training drops it.
public struct ModalityBalancing: Sendable, Hashable {
  /// Whose rule.
  public enum Rule: String, Codable, CaseIterable, Sendable {
    /// The code behind the published numbers: p_m is the weighted F1, a modality that trails the others is never
    /// dropped, and another one without any success is passed over.
    case published
    /// The equations as printed: p_m is weighted by inverse frequency, and every modality may be dropped.
    case paper
  }

  /// The published code's or the paper's.
  public var rule: Rule
  /// q_base of Eqn 24.
  public var baseProbability: Double
  /// λ of Eqn 24.
  public var sensitivity: Double
  /// p_exe: how likely a step drops anything at all.
  public var executionProbability: Double

  /// A balancing of these settings.
  public init(rule: Rule = .published, baseProbability: Double, sensitivity: Double, executionProbability: Double) {
    self.rule = rule
    self.baseProbability = baseProbability
    self.sensitivity = sensitivity
    self.executionProbability = executionProbability
  }

  private static let epsilon = 1e-5

  /// p_m: how well one modality's logits alone label the batch (Eqn 19).
  public func performance(_ counts: ConfusionCounts) -> Double {
    switch rule {
    case .published: counts.publishedModalityPerformance
    case .paper: counts.paperModalityPerformance
    }
  }

  /// q_m: how likely each modality is to be dropped from a dialogue (Eqns 20–24).
  ///
  /// r_mj = p_m / (p_j + ε) − 1 for j ≠ m, r̄_m the mean of softmax(ReLU(r_m)) ⊙ r_m, q_m = q_base (1 + λ r̄_m) within
  /// 0 … 1. The published code weights ReLU(r_m) in place of r_m, so that a modality that is ahead counts nothing.
  public func dropProbabilities(_ performance: [Modality: Double]) -> [Modality: Double] {
    var probabilities: [Modality: Double] = [:]
    for (modality, own) in performance {
      let others = performance.filter { $0.key != modality && (rule == .paper || $0.value >= Self.epsilon) }
      let ratios = others.sorted { $0.key < $1.key }.map { other in
        let ratio = own / (other.value + Self.epsilon) - 1
        return rule == .published ? max(ratio, 0) : ratio
      }
      let lead = Self.meanLead(ratios)
      let raw = baseProbability * (1 + sensitivity * lead)
      probabilities[modality] = rule == .published && lead <= 0 ? 0 : min(max(raw, 0), 1)
    }
    return probabilities
  }

  private static func meanLead(_ ratios: [Double]) -> Double {
    let high = max(ratios.max() ?? 0, 0)
    let weights = ratios.map { exp(max($0, 0) - high) }
    let total = weights.reduce(0, +)
    guard total > 0 else { return 0 }
    return zip(weights, ratios).reduce(0) { $0 + $1.0 / total * $1.1 } / Double(ratios.count)
  }

  /// Draws a step's masks: with probability p_exe each modality of each dialogue is dropped with its q_m, else nothing.
  ///
  /// A function of the key and each dialogue's place in the batch alone.
  public func mask(_ probabilities: [Modality: Double], dialogues: Int, key: UInt64) -> ModalityMask {
    let isExecuted = CounterBasedRandom.uniform(CounterBasedRandom.key(key, 1), 0) < executionProbability
    guard isExecuted else { return .all(probabilities.keys.sorted(), dialogues: dialogues) }
    var kept: [Modality: [Bool]] = [:]
    for (place, modality) in Modality.allCases.enumerated() {
      guard let q = probabilities[modality] else { continue }
      let draws = CounterBasedRandom.key(key, 2, UInt64(place))
      kept[modality] = (0..<dialogues).map { CounterBasedRandom.uniform(draws, UInt64($0)) >= q }
    }
    return ModalityMask(kept: kept, probabilities: probabilities)
  }
}

/// Which dialogues of a batch keep which modalities in one training step, and how what is kept is scaled up.
public struct ModalityMask: Sendable, Hashable {
  /// For each modality, whether each dialogue keeps it.
  public let kept: [Modality: [Bool]]
  /// 1 / (1 − θ) with θ = Σ d_m q_m / Σ d_m, and all d_m equal; no gradient passes through it.
  public let scale: Float
  /// Whether the step drops at all.
  public let isExecuted: Bool

  /// A step that drops.
  ///
  /// - Parameters:
  ///   - kept: for each modality, whether each dialogue keeps it.
  ///   - probabilities: q_m, which the scale follows from.
  public init(kept: [Modality: [Bool]], probabilities: [Modality: Double]) {
    self.kept = kept
    let share =
      probabilities.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } / Double(max(probabilities.count, 1))
    // With every q at 1 nothing is kept, and there is nothing to scale.
    scale = share < 1 ? Float(1 / (1 - share)) : 0
    isExecuted = true
  }

  /// Nothing dropped, nothing scaled.
  public static func all(_ modalities: [Modality], dialogues: Int) -> ModalityMask {
    ModalityMask(modalities, dialogues: dialogues)
  }

  private init(_ modalities: [Modality], dialogues: Int) {
    let everyone = [Bool](repeating: true, count: dialogues)
    kept = Dictionary(uniqueKeysWithValues: modalities.map { ($0, everyone) })
    scale = 1
    isExecuted = false
  }

  /// What a modality's features of a dialogue are multiplied by before the head.
  public func factor(_ modality: Modality, dialogue: Int) -> Float {
    kept[modality]?[dialogue] == true ? scale : 0
  }

  /// Whether a dialogue has anything left; one that lost every modality leaves the batch and its loss.
  public func isLeft(dialogue: Int) -> Bool {
    kept.values.contains { $0[dialogue] }
  }
}
