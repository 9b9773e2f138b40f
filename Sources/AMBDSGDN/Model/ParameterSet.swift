import DialogueDomain
import Tensors

/// A network's parameters by their published names.
public struct ParameterSet: Sendable {
  /// In the order of the published state_dict.
  public let layouts: [TensorLayout]
  private let parameters: [String: Parameter]

  /// - Parameter values: a tensor's elements in its file shape, row-major; the count is the layout's.
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

  /// Promises that no value is written again, for faster products.
  public func freeze() {
    for parameter in parameters.values { parameter.freeze() }
  }

  public var all: [Parameter] { layouts.map { self[$0.name] } }

  /// The parameter of a name that the layout holds.
  public subscript(name: String) -> Parameter {
    guard let parameter = parameters[name] else { preconditionFailure("no parameter is called \(name)") }
    return parameter
  }

  /// The tensors as files hold them.
  public var tensors: [SafetensorsWriter.Tensor] {
    layouts.map {
      SafetensorsWriter.Tensor(name: $0.name, shape: $0.shape, values: $0.filed(self[$0.name].value))
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
