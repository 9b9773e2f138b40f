/// A tensor with its elements, the last axis varying fastest: what model files of any format are made of.
public struct NamedTensor: Sendable, Hashable {
  /// What the model file calls it.
  public let name: String
  /// Elements along each axis; empty for a single number.
  public let shape: [Int]
  /// As many as the shape has elements, in single precision whatever the file's precision was.
  public let values: [Float]

  /// A tensor; it must have as many values as its shape has elements.
  public init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}

extension Float {
  /// The value of a `bfloat16`: the upper half of a single-precision number.
  ///
  /// Of the other number of 16 bits, IEEE 754's half precision, Swift's `Float16` gives the value.
  public init(brainFloat bits: UInt16) {
    self.init(bitPattern: UInt32(bits) << 16)
  }
}
