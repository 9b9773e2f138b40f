import CHDF5

/// Lengths of dimensions, which a file may claim to be anything.
enum HDF5Shape {
  /// The lengths of a data space's dimensions; none for a scalar, nil for a space without elements.
  static func lengths(of space: HDF5Object, at place: String, limit: Int) throws -> [Int]? {
    switch H5Sget_simple_extent_type(space.identifier) {
    case H5S_NULL: return nil
    case H5S_SCALAR: return []
    default:
      let rank = Int(try checked(H5Sget_simple_extent_ndims(space.identifier)))
      var lengths = [hsize_t](repeating: 0, count: max(1, rank))
      try checked(H5Sget_simple_extent_dims(space.identifier, &lengths, nil))
      return try lengths.prefix(rank).map { length in
        guard let length = Int(exactly: length) else {
          throw BundleError.tooLarge(at: place, found: "a dimension of \(length)", limit: limit)
        }
        return length
      }
    }
  }

  /// The number of elements of a shape.
  static func elements(_ shape: [Int]?, at place: String, limit: Int) throws -> Int {
    guard let shape else { return 0 }
    return try shape.reduce(1) { product, length in
      let (elements, overflow) = product.multipliedReportingOverflow(by: length)
      guard !overflow else { throw BundleError.tooLarge(at: place, found: "shape \(describe(shape))", limit: limit) }
      return elements
    }
  }

  static func describe(_ shape: [Int]?) -> String {
    guard let shape else { return "an empty data space" }
    return shape.isEmpty ? "a scalar" : "\(shape)"
  }
}
