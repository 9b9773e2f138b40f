/// Intermediate values of a computation, by name, for whoever wants to see inside the network.
public final class Trace {
  public private(set) var values: [String: Matrix] = [:]

  public init() {}

  func record(_ name: String, _ value: Matrix) {
    values[name] = value
  }
}
