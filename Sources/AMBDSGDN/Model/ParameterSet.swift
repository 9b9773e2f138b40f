import DialogueDomain
import Tensors

/// A network's parameters by their published names.
public struct ParameterSet: Sendable {
  /// In the order of the published state_dict.
  public let layouts: [TensorLayout]
  private let parameters: [String: Parameter]

  /// - Parameters:
  ///   - configuration: which says what tensors there are.
  ///   - values: a tensor's elements in its file shape, row-major; the count is the layout's.
  /// - Throws: what `values` throws.
  public init(_ configuration: ModelConfiguration, values: (TensorLayout) throws -> [Float]) rethrows {
    try self.init(layouts: configuration.tensors, values: values)
  }

  /// The parameters of any network.
  ///
  /// - Parameter values: a tensor's elements in its file shape, row-major; the count is the layout's.
  public init(layouts: [TensorLayout], values: (TensorLayout) throws -> [Float]) rethrows {
    self.layouts = layouts
    parameters = try Dictionary(
      uniqueKeysWithValues: layouts.map { layout in
        (layout.name, Parameter(name: layout.name, value: layout.held(try values(layout))))
      })
  }

  private init(layouts: [TensorLayout], parameters: [String: Parameter]) {
    self.layouts = layouts
    self.parameters = parameters
  }

  /// Parameters of the same values in memory of their own.
  public func copy() -> ParameterSet {
    ParameterSet(
      layouts: layouts,
      parameters: parameters.mapValues { Parameter(name: $0.name, value: $0.value.copy()) })
  }

  /// The same parameters with the promise that no value is written again, for faster products.
  public func frozen() -> ParameterSet {
    for parameter in parameters.values { parameter.freeze() }
    return self
  }

  /// All parameters, in the order of the layouts.
  public var all: [Parameter] { layouts.map { self[$0.name] } }

  /// The parameter of a name that the layout holds.
  public subscript(name: String) -> Parameter {
    guard let parameter = parameters[name] else { preconditionFailure("no parameter is called \(name)") }
    return parameter
  }

  /// The tensors as files hold them.
  public var tensors: [NamedTensor] {
    layouts.map {
      NamedTensor(name: $0.name, shape: $0.shape, values: $0.filed(self[$0.name].value))
    }
  }
}

extension TensorLayout {
  /// The matrix held in memory for elements in file order.
  func held(_ values: [Float]) -> Matrix {
    guard isTransposed, shape.count == 2 else {
      return Matrix(rows: heldShape.rows, columns: heldShape.columns, values)
    }
    return Matrix(rows: shape[0], columns: shape[1], values).transposed()
  }

  /// Elements in file order of a matrix in held layout: a parameter or its gradient.
  public func filed(_ matrix: Matrix) -> [Float] {
    isTransposed ? matrix.transposed().values : matrix.values
  }
}

extension ParameterSet {
  /// The parameters of any network, initialised as their layouts say; a function of the seed alone.
  public init(layouts: [TensorLayout], seed: UInt64) {
    self.init(layouts: layouts) { layout in
      layout.initialValues(key: CounterBasedRandom.key(seed, CounterBasedRandom.key(named: layout.name)))
    }
  }

  /// Parameters of this set and of another one, which share no name; their values stay shared.
  public func joined(_ other: ParameterSet) -> ParameterSet {
    ParameterSet(
      layouts: layouts + other.layouts, parameters: parameters.merging(other.parameters) { first, _ in first })
  }

  /// The parameters of some names, whose values stay shared.
  public func subset(_ isChosen: (String) -> Bool) -> ParameterSet {
    ParameterSet(
      layouts: layouts.filter { isChosen($0.name) }, parameters: parameters.filter { isChosen($0.key) })
  }

  /// Whether there is a parameter of a name.
  public func has(_ name: String) -> Bool { parameters[name] != nil }

  /// Parameters initialised as the published code does; a function of the seed alone.
  public init(_ configuration: ModelConfiguration, seed: UInt64) {
    self.init(configuration) { layout in
      var values = layout.initialValues(key: CounterBasedRandom.key(seed, CounterBasedRandom.key(named: layout.name)))
      if layout.name == TensorNames.speakerEmbedding {
        // The padding row is zero.
        values.replaceSubrange(
          (values.count - configuration.hidden)..., with: repeatElement(0, count: configuration.hidden))
      }
      return values
    }
  }
}

extension TensorLayout {
  fileprivate func initialValues(key: UInt64) -> [Float] {
    switch initialisation {
    case .constant(let value): return [Float](repeating: value, count: count)
    case .normal(let deviation):
      return CounterBasedRandom.standardNormal(key, count: count).map { $0 * deviation }
    case .linear(let fanIn): return uniform(key, within: 1 / Float(fanIn).squareRoot())
    case .xavier: return uniform(key, within: 1.414 * (6 / Float(shape[0] + shape[1])).squareRoot())
    }
  }

  private func uniform(_ key: UInt64, within bound: Float) -> [Float] {
    (0..<count).map { bound * Float(2 * CounterBasedRandom.uniform(key, UInt64($0)) - 1) }
  }
}
