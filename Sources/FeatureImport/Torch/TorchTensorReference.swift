/// A tensor as a PyTorch pickle describes it: a view of a storage that lies elsewhere in the archive.
public struct TorchTensorReference: Sendable, Hashable {
  public let storage: TorchStorageReference
  /// Elements of the storage before the tensor's first one.
  public let offset: Int
  /// Elements along each axis; empty for a single number.
  public let shape: [Int]
  /// Elements of the storage from one index of each axis to the next.
  public let strides: [Int]
}

/// A run of numbers in a PyTorch archive: the entry `data/<key>`.
public struct TorchStorageReference: Sendable, Hashable {
  public let key: String
  public let type: NumericType
  /// Number of elements.
  public let count: Int
}
