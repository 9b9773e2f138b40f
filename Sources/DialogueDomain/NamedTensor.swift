/// A tensor as files of weights hold it: its name, its shape and its elements, the last axis varying fastest.
public struct NamedTensor: Sendable, Hashable {
  public let name: String
  /// Elements along each axis; empty for a single number.
  public let shape: [Int]
  /// As many as the shape has elements, in single precision whatever the file's precision was.
  public let values: [Float]

  public init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}
