import DialogueDomain

/// How classes are weighted in the losses.
public enum ClassWeighting: Sendable, Hashable {
  case none
  /// N / n_c: one over the class's share of the labelled training rows.
  case inverseFrequency
  /// √(N / n_c): rare classes count more, but not so much that frequent ones suffer.
  case inverseSquareRoot
  /// One positive weight a class, in class order.
  case given([Float])

  /// The weights for training data with these label counts; nil where all are alike.
  public func weights(counts: [Int]) -> [Float]? {
    switch self {
    case .none: return nil
    case .given(let weights): return weights
    case .inverseFrequency:
      let total = counts.reduce(0, +)
      return counts.map { Float(total) / Float(max($0, 1)) }
    case .inverseSquareRoot:
      return ClassWeighting.inverseFrequency.weights(counts: counts)?.map { $0.squareRoot() }
    }
  }
}
