import Testing

@testable import Tensors

/// Compares an operation's gradients with finite differences of its values.
struct GradientCheck {
  /// The operation: its inputs as variables of a computation, and the one result.
  typealias Operation = (_ run: Computation, _ inputs: [Variable]) -> Variable

  let inputs: [Matrix]
  var dropout: DropoutSource?
  /// Half the spacing of the differences.
  var step: Float = 0.02
  let operation: Operation

  init(_ inputs: [Matrix], dropout: DropoutSource? = nil, operation: @escaping Operation) {
    self.inputs = inputs
    self.dropout = dropout
    self.operation = operation
  }

  /// A matrix of standard normal numbers, a function of its arguments alone.
  static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    Matrix(rows: rows, columns: columns, CounterBasedRandom.standardNormal(seed, count: rows * columns))
  }

  /// The result and dL/dinput of every input for L = Σ result ⊙ weights, with fixed random weights.
  func gradients(_ kernels: Kernels = .current) -> (value: Matrix, gradients: [Matrix?]) {
    let tape = GradientTape()
    let run = Computation(kernels: kernels, pool: BufferPool(), tape: tape, dropout: dropout, trace: nil)
    let variables = inputs.map(run.leaf)
    let output = operation(run, variables)
    tape.backward(from: [(output, weights(output.value))])
    return (output.value, variables.map(\.gradient))
  }

  /// For each input the greatest difference between its gradient and the finite differences, relative to the greatest
  /// slope; infinite where an input got no gradient.
  ///
  /// Differences are over four points, so that the error falls with the step's fourth power; of large inputs, some
  /// elements spread over the whole are taken.
  func deviations(elementsPerInput: Int = 48) -> [Double] {
    let gradients = gradients().gradients
    return inputs.indices.map { input in
      guard let gradient = gradients[input]?.values else { return .infinity }
      let spacing = max(1, inputs[input].count / elementsPerInput)
      let elements = stride(from: 0, to: inputs[input].count, by: spacing % 2 == 0 ? spacing + 1 : spacing)
      let derivatives = elements.map { derivative(input: input, element: $0) }
      let scale = derivatives.map(abs).max() ?? 0
      return zip(elements, derivatives).map { abs(Double(gradient[$0]) - $1) }.reduce(0, max) / max(scale, 1e-3)
    }
  }

  private func derivative(input: Int, element: Int) -> Double {
    let near = loss(input: input, element: element, shift: step) - loss(input: input, element: element, shift: -step)
    let far =
      loss(input: input, element: element, shift: 2 * step) - loss(input: input, element: element, shift: -2 * step)
    return (8 * near - far) / (12 * Double(step))
  }

  private func loss(input: Int, element: Int, shift: Float) -> Double {
    var values = inputs[input].values
    values[element] += shift
    var moved = inputs
    moved[input] = Matrix(rows: inputs[input].rows, columns: inputs[input].columns, values)
    let run = Computation(dropout: dropout)
    let output = operation(run, moved.map(run.input)).value
    return zip(output.values, weights(output).values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  private func weights(_ output: Matrix) -> Matrix {
    Self.random(output.rows, output.columns, seed: 77)
  }
}
