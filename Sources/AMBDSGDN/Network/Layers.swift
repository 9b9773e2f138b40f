import Tensors

/// y = x Wᵀ + b as published; W is held transposed.
public struct LinearLayer: Sendable {
  /// W, held as [in, out].
  public let weight: Parameter
  /// b, [1, out].
  public let bias: Parameter

  /// The layer whose parameters are called `<name>.weight` and `<name>.bias`.
  public init(_ name: String, _ parameters: ParameterSet) {
    weight = parameters["\(name).weight"]
    bias = parameters["\(name).bias"]
  }

  /// The layer on rows x [T, in]: y [T, out].
  public func callAsFunction(_ x: Variable, _ run: Computation) -> Variable {
    run.linear(x, run.variable(weight), bias: run.variable(bias))
  }
}

/// Each row brought to mean 0 and deviation 1, then weighted and shifted.
struct LayerNorm: Sendable {
  let weight: Parameter
  let bias: Parameter
  let epsilon: Float

  init(_ name: String, _ parameters: ParameterSet, epsilon: Float) {
    weight = parameters["\(name).layer_norm.weight"]
    bias = parameters["\(name).layer_norm.bias"]
    self.epsilon = epsilon
  }

  /// - Parameter scale: multiplies the result.
  func callAsFunction(_ x: Variable, _ run: Computation, scale: Float = 1) -> Variable {
    run.layerNormalised(
      x, weight: run.variable(weight), bias: run.variable(bias), epsilon: epsilon, scale: scale)
  }
}

/// Probabilities with which training zeroes elements.
public struct DropoutRates: Sendable, Hashable {
  /// In the encoder and before the heads' last layer.
  public var encoder: Float
  /// In the graph layers.
  public var graph: Float

  /// Rates from 0, no dropout, to below 1.
  public init(encoder: Float, graph: Float) {
    self.encoder = encoder
    self.graph = graph
  }

  /// Evaluation.
  public static let none = DropoutRates(encoder: 0, graph: 0)
}
