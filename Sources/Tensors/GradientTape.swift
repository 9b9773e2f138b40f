/// What a forward pass did, so that gradients can go back the same way.
///
/// Each operation leaves a closure that takes its output's gradient and adds to its inputs' gradients. A tape serves one
/// computation on one thread.
public final class GradientTape {
  private var steps: [() -> Void] = []
  private var leaves: [ObjectIdentifier: Variable] = [:]

  public init() {}

  func record(_ step: @escaping () -> Void) {
    steps.append(step)
  }

  func leaf(of parameter: Parameter, pool: BufferPool) -> Variable {
    if let known = leaves[ObjectIdentifier(parameter)] { return known }
    let leaf = Variable(parameter.value, requiresGradient: true, pool: pool, parameter: parameter)
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
