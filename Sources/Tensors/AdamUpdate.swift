import CKernels

/// One step of Adam with coupled L2, for whichever parameter it is given.
///
/// With g the summed gradient plus l2 · w: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²,
/// w ← w − rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε).
public struct AdamUpdate: Sendable {
  /// The learning rate α.
  public var rate: Float
  /// The weight of the L2 penalty, added to the gradient as l2 · w.
  public var l2: Float
  /// The decay β₁ of the mean gradient.
  public var beta1: Double
  /// The decay β₂ of the mean squared gradient.
  public var beta2: Double
  /// ε, added to the root in the denominator.
  public var epsilon: Float
  /// 1 − β₁ᵗ and 1 − β₂ᵗ.
  public var correction1: Float
  /// 1 − β₂ᵗ, by which the mean squared gradient is corrected at step t.
  public var correction2: Float

  /// The settings of one step.
  public init(
    rate: Float, l2: Float, beta1: Double, beta2: Double, epsilon: Float, correction1: Float, correction2: Float
  ) {
    self.rate = rate
    self.l2 = l2
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.correction1 = correction1
    self.correction2 = correction2
  }

  /// Updates some elements of a weight and its moments; other threads may update other elements meanwhile.
  ///
  /// - Parameters:
  ///   - gradients: parts of one gradient, summed in the order given; all in the weight's shape.
  ///   - elements: the range to update, counted row by row.
  public func apply(to weight: Matrix, gradients: [Matrix], first: Matrix, second: Matrix, elements: Range<Int>) {
    precondition(elements.lowerBound >= 0 && elements.upperBound <= weight.count, "elements of the weight")
    precondition((gradients + [first, second]).allSatisfy { $0.count == weight.count }, "shapes agree")
    guard let leading = gradients.first else { return }
    let loops = Kernels.current.loops
    let sum = Matrix(uninitialised: 1, Self.block, pool: nil)
    // Summed a block at a time, so that the sum is still in the cache when it is used.
    for start in stride(from: elements.lowerBound, to: elements.upperBound, by: Self.block) {
      let count = min(Self.block, elements.upperBound - start)
      var gradient = leading.elements + start
      if gradients.count > 1 {
        loops.add(gradient, gradients[1].elements + start, sum.elements, count)
        for part in gradients.dropFirst(2) { loops.add_scaled(1, part.elements + start, sum.elements, count) }
        gradient = sum.elements
      }
      loops.adam(
        weight.elements + start, gradient, first.elements + start, second.elements + start, rate, beta1, beta2,
        correction1, correction2, epsilon, l2, count)
    }
  }

  private static let block = 4096
}
