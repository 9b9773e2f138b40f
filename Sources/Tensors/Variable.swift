import DialogueDomain

/// A value within a computation and, where the computation is recorded, the gradient of the loss by it.
///
/// A variable belongs to the one thread that runs its computation.
public final class Variable {
  /// What the forward pass gave [rows, columns].
  public let value: Matrix
  /// dL/dvalue, in the value's shape; nil until something downstream has sent a gradient back.
  public private(set) var gradient: Matrix?
  /// Whether gradients are wanted: false for inputs and in computations without a tape.
  let requiresGradient: Bool
  private let pool: BufferPool?
  /// Whose value this is, if a parameter's.
  private let parameter: Parameter?

  init(_ value: Matrix, requiresGradient: Bool, pool: BufferPool?, parameter: Parameter? = nil) {
    self.value = value
    self.requiresGradient = requiresGradient
    self.pool = pool
    self.parameter = parameter
  }

  /// The value laid out as the weight of a product.
  func packed(for kernels: Kernels, precision: Precision, pool: BufferPool) -> PackedMatrix {
    parameter?.packed(for: kernels, precision: precision, pool: pool)
      ?? PackedMatrix(value, kernels: kernels, pool: pool)
  }

  /// How many rows the value has.
  public var rows: Int { value.rows }
  /// How many columns the value has.
  public var columns: Int { value.columns }

  /// The gradient for loops that add to it, zero at first.
  func gradientToAddTo() -> UnsafeMutablePointer<Float> {
    if let gradient { return gradient.elements }
    let fresh = Matrix(rows: rows, columns: columns, pool: pool)
    gradient = fresh
    return fresh.elements
  }

  /// The gradient for a matrix product, with the factor for what it holds: 0 where the memory is fresh, else 1.
  func gradientForProduct() -> (UnsafeMutablePointer<Float>, beta: Float) {
    if let gradient { return (gradient.elements, 1) }
    let fresh = Matrix(uninitialised: rows, columns, pool: pool)
    gradient = fresh
    return (fresh.elements, 0)
  }

  /// Starts the way back: adds `seed` to the gradient.
  func receive(_ seed: Matrix) {
    precondition(seed.rows == rows && seed.columns == columns, "a seed gradient has its variable's shape")
    Kernels.current.loops.add_scaled(1, seed.elements, gradientToAddTo(), seed.count)
  }
}

/// What a forward pass did, so that gradients can go back the same way.
///
/// Each operation leaves a closure that takes its output's gradient and adds to its inputs' gradients. A tape serves one
/// computation on one thread.
public final class GradientTape {
  private var steps: [() -> Void] = []
  private var leaves: [ObjectIdentifier: Variable] = [:]
  /// The parameters whose gradients are wanted; nil for all.
  private let trained: Set<ObjectIdentifier>?

  /// A tape that holds nothing yet.
  public init() { trained = nil }

  /// A tape that computes gradients of some parameters only: the others are taken as they are.
  public init(training parameters: [Parameter]) { trained = Set(parameters.map(ObjectIdentifier.init)) }

  func record(_ step: @escaping () -> Void) {
    steps.append(step)
  }

  func leaf(of parameter: Parameter, pool: BufferPool) -> Variable {
    if let known = leaves[ObjectIdentifier(parameter)] { return known }
    let isTrained = trained?.contains(ObjectIdentifier(parameter)) ?? true
    let leaf = Variable(parameter.value, requiresGradient: isTrained, pool: pool, parameter: parameter)
    leaves[ObjectIdentifier(parameter)] = leaf
    return leaf
  }

  /// Sends gradients back through everything requiresGradient: each seed is dL/doutput of its variable.
  ///
  /// The record is used up; parameter gradients stay until the tape goes.
  public func backward(from seeds: [(output: Variable, gradient: Matrix)]) {
    for seed in seeds where seed.output.requiresGradient { seed.output.receive(seed.gradient) }
    while let step = steps.popLast() { step() }
  }

  /// dL/dparameter in the parameter's shape; nil where the loss does not depend on it.
  public func gradient(of parameter: Parameter) -> Matrix? {
    leaves[ObjectIdentifier(parameter)]?.gradient
  }
}
