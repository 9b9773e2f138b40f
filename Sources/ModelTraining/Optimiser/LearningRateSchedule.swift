import Foundation

/// How the learning rate changes over a training.
public enum LearningRateSchedule: String, Codable, CaseIterable, Sendable {
  /// The same rate in every step, as published.
  case constant
  /// A linear rise over the warm-up steps, then half a cosine down to zero at the last step.
  case cosine

  /// What to multiply the learning rate by in a step.
  ///
  /// - Parameters:
  ///   - step: from 0.
  ///   - steps: of the whole training.
  ///   - warmUp: steps of the rise.
  public func factor(step: Int, steps: Int, warmUp: Int) -> Double {
    switch self {
    case .constant: return 1
    case .cosine:
      if step < warmUp { return Double(step + 1) / Double(warmUp) }
      let progress = Double(step - warmUp) / Double(max(steps - warmUp, 1))
      return (1 + cos(.pi * min(progress, 1))) / 2
    }
  }
}
