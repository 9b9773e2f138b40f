import Foundation

/// Class probabilities from fused logits (Eqn 30).
public enum FusedProbabilities {
  /// softmax(logits / temperature), computed in double precision.
  public static func probabilities(_ logits: some Collection<Float>, temperature: Double) -> [Float] {
    let scaled = logits.map { Double($0) / temperature }
    let high = scaled.max() ?? 0
    let exponentials = scaled.map { exp($0 - high) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { Float($0 / total) }
  }
}
