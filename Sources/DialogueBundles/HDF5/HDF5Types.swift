import CHDF5

/// The kinds of element that bundles are made of, and a name for every other.
enum HDF5Element: Equatable {
  case float16, float32, float64
  case signedInteger, unsignedInteger
  case variableString
  case fixedString(bytes: Int, padding: Padding)
  case other(String)

  /// What follows the text in a string of fixed length.
  enum Padding {
    case zeros, spaces
  }

  init(_ type: hid_t) throws {
    let size = H5Tget_size(type)
    switch H5Tget_class(type) {
    case H5T_FLOAT: self = try Self.float(type, size: size)
    case H5T_INTEGER where size <= 8:
      self = H5Tget_sign(type) == H5T_SGN_NONE ? .unsignedInteger : .signedInteger
    case H5T_STRING:
      if try checked(H5Tis_variable_str(type)) > 0 {
        self = .variableString
      } else {
        self = .fixedString(bytes: size, padding: H5Tget_strpad(type) == H5T_STR_SPACEPAD ? .spaces : .zeros)
      }
    case H5T_INTEGER: self = .other("integers of \(8 * size) bits")
    case H5T_COMPOUND: self = .other("a compound type")
    case H5T_ENUM: self = .other("an enumeration")
    case H5T_ARRAY: self = .other("arrays")
    case H5T_VLEN: self = .other("sequences of variable length")
    case H5T_OPAQUE: self = .other("opaque bytes")
    case H5T_REFERENCE: self = .other("references")
    case H5T_BITFIELD: self = .other("a bit field")
    case H5T_TIME: self = .other("a time type")
    default: throw HDF5Failure()
    }
  }

  var name: String {
    switch self {
    case .float16: "float16"
    case .float32: "float32"
    case .float64: "float64"
    case .signedInteger: "integers"
    case .unsignedInteger: "unsigned integers"
    case .variableString, .fixedString: "strings"
    case .other(let name): name
    }
  }

  /// Only the IEEE layouts, in either byte order: the library's conversion of others is neither fast nor exact.
  private static func float(_ type: hid_t, size: Int) throws -> HDF5Element {
    let candidates: [(HDF5Element, [hid_t])] = [
      (.float32, [hdf5_little_float32(), hdf5_big_float32()]),
      (.float64, [hdf5_little_float64(), hdf5_big_float64()]),
    ]
    for (element, layouts) in candidates {
      for layout in layouts where try checked(H5Tequal(type, layout)) > 0 { return element }
    }
    for single in [hdf5_little_float32(), hdf5_big_float32()] {
      let half = try HDF5Object(hdf5_half(single))
      if try checked(H5Tequal(type, half.identifier)) > 0 { return .float16 }
    }
    return .other("floating-point numbers of \(8 * size) bits in a layout other than IEEE 754's")
  }
}

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
