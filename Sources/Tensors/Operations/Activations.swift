import CKernels

extension Computation {
  /// max(x, 0).
  public func relu(_ x: Variable) -> Variable {
    elementwise(x, loops.relu, loops.relu_backward)
  }

  /// x Φ(x) with the normal distribution's Φ, to 1e-6 absolute.
  public func geluErf(_ x: Variable) -> Variable {
    elementwise(x, loops.gelu_erf, loops.gelu_erf_backward)
  }

  /// x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.
  public func geluTanh(_ x: Variable) -> Variable {
    elementwise(x, loops.gelu_tanh, loops.gelu_tanh_backward)
  }

  /// sigmoid(gate) ⊙ x, of one shape.
  public func gated(_ x: Variable, by gate: Variable) -> Variable {
    precondition(x.rows == gate.rows && x.columns == gate.columns, "gated: shapes agree")
    let y = make(x.rows, x.columns)
    loops.sigmoid_gate(gate.value.elements, x.value.elements, y.elements, y.count)
    return result(y, of: [x, gate]) { [loops] dy in
      loops.sigmoid_gate_backward(
        gate.value.elements, x.value.elements, dy, gate.gradientToAddTo(), x.gradientToAddTo(), x.value.count)
    }
  }

  /// scale · ((x − mean) / √(variance + ε) ⊙ weight + bias), each row by its own mean and variance.
  public func layerNormalised(
    _ x: Variable, weight: Variable, bias: Variable, epsilon: Float, scale: Float = 1
  ) -> Variable {
    precondition(weight.columns == x.columns && bias.columns == x.columns, "layerNormalised: shapes agree")
    let y = make(x.rows, x.columns)
    let (mean, deviation) = (make(x.rows, 1), make(x.rows, 1))
    loops.layer_norm(
      x.value.elements, weight.value.elements, bias.value.elements, epsilon, scale, y.elements, mean.elements,
      deviation.elements, x.rows, x.columns)
    return result(y, of: [x, weight, bias]) { [loops] dy in
      loops.layer_norm_backward(
        x.value.elements, weight.value.elements, mean.elements, deviation.elements, scale, dy, x.gradientToAddTo(),
        weight.gradientToAddTo(), bias.gradientToAddTo(), x.rows, x.columns)
    }
  }

  /// Inverted dropout: each element is zero with the given probability, else divided by one minus it.
  ///
  /// In evaluation mode x itself.
  public func dropout(_ x: Variable, _ probability: Float) -> Variable {
    guard probability > 0, let key = dropoutSource?.nextKey() else { return x }
    let first = UInt64((dropoutSource?.firstRow ?? 0) * x.columns)
    let y = make(x.rows, x.columns)
    loops.dropout(x.value.elements, probability, key, first, y.elements, y.count)
    return result(y, of: [x]) { [loops] dy in
      loops.dropout_backward(dy, probability, key, first, x.gradientToAddTo(), x.value.count)
    }
  }

  private typealias Loop = @convention(c) (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  private typealias BackwardLoop =
    @convention(c) (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
    ) -> Void

  private func elementwise(_ x: Variable, _ forward: Loop, _ backward: @escaping BackwardLoop) -> Variable {
    let y = make(x.rows, x.columns)
    forward(x.value.elements, y.elements, y.count)
    return result(y, of: [x]) { dy in
      backward(x.value.elements, dy, x.gradientToAddTo(), x.value.count)
    }
  }
}
