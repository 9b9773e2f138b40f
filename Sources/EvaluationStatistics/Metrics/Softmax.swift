import Foundation

/// Class probabilities from one row of logits (Eqn 30): p_c = exp(z_c / T) / Σ_k exp(z_k / T), in double precision.
///
/// The only softmax with a temperature: scoring, evaluation, probes and the fit of T agree to the last bit.
///
/// ```swift
/// Softmax([2, 0], temperature: 2).probabilities  // [0.7310586, 0.26894143]
/// ```
public struct Softmax: Sendable {
  /// z_c / T less the greatest of them, [C], so that no exponential overflows.
  private let shifted: [Double]
  /// exp(shifted), [C].
  private let exponentials: [Double]
  private let total: Double

  /// - Parameters:
  ///   - logits: z, [C].
  ///   - temperature: T, positive; above 1 it evens the probabilities out.
  public init(_ logits: some Collection<Float>, temperature: Double = 1) {
    let scaled = logits.map { Double($0) / temperature }
    let high = scaled.max() ?? 0
    shifted = scaled.map { $0 - high }
    exponentials = shifted.map { exp($0) }
    total = exponentials.reduce(0, +)
  }

  /// p, [C], each rounded to single precision.
  public var probabilities: [Float] {
    exponentials.map { Float($0 / total) }
  }

  /// ln p_c in nats, finite where the logits are.
  public func logProbability(of label: Int) -> Double {
    shifted[label] - log(total)
  }

  /// Σ_c p_c x_c.
  func expectation(of values: [Double]) -> Double {
    zip(exponentials, values).reduce(0) { $0 + $1.0 * $1.1 } / total
  }
}

/// The label that a row of logits gives: the class of the greatest, the first of them where several are equal.
///
/// - Parameter logits: [C]; 0 where there is no class.
public func argmax(_ logits: some Collection<Float>) -> Int {
  guard let first = logits.first else { return 0 }
  var best = (label: 0, logit: first)
  for (label, logit) in logits.enumerated() where logit > best.logit { best = (label, logit) }
  return best.label
}
