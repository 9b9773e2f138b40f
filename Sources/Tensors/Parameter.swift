/// A trained tensor: its name in the published state_dict and its value.
///
/// Vectors are held as one row. An optimiser writes the value between computations, never during one.
public final class Parameter: Sendable {
  public let name: String
  public let value: Matrix

  public init(name: String, value: Matrix) {
    self.name = name
    self.value = value
  }
}
