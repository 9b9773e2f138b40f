import CHDF5
import Glibc

/// An attribute of a bundle's root: a string, a few strings, or an integer.
final class HDF5Attribute {
  private let attribute: HDF5Object
  private let type: HDF5Object
  private let element: HDF5Element
  private let shape: [Int]?
  private let place: String

  init(_ attribute: HDF5Object, name: String) throws {
    self.attribute = attribute
    place = "/ attribute `\(name)`"
    type = try HDF5Object(H5Aget_type(attribute.identifier))
    element = try HDF5Element(type.identifier)
    let space = try HDF5Object(H5Aget_space(attribute.identifier))
    shape = try HDF5Shape.lengths(of: space, at: place, limit: BundleFormat.mostEmotions)
  }

  /// The only integer of this attribute.
  func integer() throws -> Int64 {
    guard element == .signedInteger || element == .unsignedInteger else { throw wrongType("an integer") }
    try expectSingle()
    var value: Int64 = 0
    try checked(H5Aread(attribute.identifier, hdf5_native_int64(), &value))
    return value
  }

  /// The only string of this attribute.
  func name() throws -> String {
    try expectStrings("a string")
    try expectSingle()
    return try strings(1) { _ in place }[0]
  }

  /// A list of strings.
  func names() throws -> [String] {
    try expectStrings("a list of strings")
    guard let shape, shape.count == 1 else {
      throw BundleError.wrongShape(at: place, found: HDF5Shape.describe(shape), expected: "one dimension")
    }
    guard shape[0] <= BundleFormat.mostEmotions else {
      throw BundleError.wrongShape(
        at: place, found: "\(shape[0]) names", expected: "at most \(BundleFormat.mostEmotions)")
    }
    return try strings(shape[0]) { "\(place) element \($0)" }
  }

  private func expectSingle() throws {
    guard shape == [] || shape == [1] else {
      throw BundleError.wrongShape(at: place, found: HDF5Shape.describe(shape), expected: "a single value")
    }
  }

  private func expectStrings(_ expected: String) throws {
    switch element {
    case .variableString, .fixedString: return
    default: throw wrongType(expected)
    }
  }

  private func wrongType(_ expected: String) -> BundleError {
    BundleError.wrongType(at: place, found: element.name, expected: expected)
  }

  private func strings(_ count: Int, at place: (Int) -> String) throws -> [String] {
    guard count > 0 else { return [] }
    if case .fixedString(let size, let padding) = element {
      guard size <= 1 << 20 else { throw BundleError.longName(at: place(0), bytes: size) }
      var characters = [UInt8](repeating: 0, count: count * size)
      try checked(H5Aread(attribute.identifier, type.identifier, &characters))
      return try characters.withUnsafeBytes { characters in
        try (0..<count).map { index in
          let field = UnsafeRawBufferPointer(rebasing: characters[(index * size)..<((index + 1) * size)])
          return try Name.checked(Name.text(of: field, padding), at: place(index))
        }
      }
    }
    var strings = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    try checked(H5Aread(attribute.identifier, type.identifier, &strings))
    defer { strings.forEach { free($0) } }
    return try strings.enumerated().map { index, string in
      try Name.checked(Name.bytes(string), at: place(index))
    }
  }
}
