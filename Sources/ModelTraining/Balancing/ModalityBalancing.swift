import DialogueDomain
import EvaluationStatistics
import Foundation
import Tensors

/// Adaptive modality balancing (Algorithm 2, Eqns 19–27): the better a modality does beside the others, the more often
/// training withholds it.
public struct ModalityBalancing: Sendable, Hashable {
  /// Whose rule.
  public enum Rule: String, Codable, CaseIterable, Sendable {
    /// The code behind the published numbers: p_m is the weighted F1, a modality that trails the others is never
    /// withheld, and a rival without any success is passed over.
    case published
    /// The equations as printed: p_m is weighted by inverse frequency, and every modality may be withheld.
    case paper
  }

  public var rule: Rule
  /// q_base of Eqn 24.
  public var baseProbability: Double
  /// λ of Eqn 24.
  public var sensitivity: Double
  /// p_exe: how likely a step withholds anything at all.
  public var executionProbability: Double

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

  /// q_m: how likely each modality is to be withheld from a dialogue (Eqns 20–24).
  ///
  /// r_mj = p_m / (p_j + ε) − 1 for j ≠ m, r̄_m the mean of softmax(ReLU(r_m)) ⊙ r_m, q_m = q_base (1 + λ r̄_m) within
  /// 0 … 1. The published code weights ReLU(r_m) in place of r_m, so that a rival who is ahead counts nothing.
  public func withholdingProbabilities(_ performance: [Modality: Double]) -> [Modality: Double] {
    var probabilities: [Modality: Double] = [:]
    for (modality, own) in performance {
      let rivals = performance.filter { $0.key != modality && (rule == .paper || $0.value >= Self.epsilon) }
      let ratios = rivals.sorted { $0.key < $1.key }.map { rival in
        let ratio = own / (rival.value + Self.epsilon) - 1
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

  /// Draws a step's masks: with probability p_exe each modality of each dialogue is withheld with its q_m, else nothing.
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
