import DialogueDomain

/// An n-dimensional array of numbers, still in the bytes of the file it came from.
public struct NumericArray: Sendable, Hashable {
  /// The type of the elements.
  public let type: NumericType
  /// Elements along each axis; empty for a single number.
  public let shape: [Int]
  /// Whether the first axis, not the last, varies fastest in the bytes.
  public let isFortranOrder: Bool
  private let bytes: ArraySlice<UInt8>

  /// Nil where `bytes` is not exactly as long as the shape and the type say, or an extent is negative.
  public init?(type: NumericType, shape: [Int], isFortranOrder: Bool = false, bytes: ArraySlice<UInt8>) {
    guard let size = Self.byteCount(type: type, shape: shape), size == bytes.count else { return nil }
    self.type = type
    self.shape = shape
    self.isFortranOrder = isFortranOrder
    self.bytes = bytes
  }

  /// Bytes of an array; nil where that is no number, for a negative extent or more than memory can hold.
  static func byteCount(type: NumericType, shape: [Int]) -> Int? {
    var product = type.size
    for extent in shape {
      guard extent >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  /// Number of elements.
  public var count: Int { bytes.count / type.size }

  /// Bytes the elements take in the file.
  var byteCount: Int { bytes.count }

  /// The elements with the last axis varying fastest, rounded to single precision.
  public func floats() -> [Float] { elements() }

  /// The elements with the last axis varying fastest; integers beyond 2⁵³ are rounded.
  public func doubles() -> [Double] { elements() }

  /// The elements as whole numbers, the last axis varying fastest; nil where one is not whole or beyond 64 bits.
  public func integers() -> [Int]? {
    switch (type.kind, type.size) {
    case (.boolean, _): return load(UInt8.self) { $0 == 0 ? 0 : 1 }
    case (.signedInteger, 1): return load(UInt8.self) { Int(Int8(bitPattern: $0)) }
    case (.signedInteger, 2): return load(UInt16.self) { Int(Int16(bitPattern: $0)) }
    case (.signedInteger, 4): return load(UInt32.self) { Int(Int32(bitPattern: $0)) }
    case (.signedInteger, _): return load(UInt64.self) { Int(Int64(bitPattern: $0)) }
    case (.unsignedInteger, 1): return load(UInt8.self) { Int($0) }
    case (.unsignedInteger, 2): return load(UInt16.self) { Int($0) }
    case (.unsignedInteger, 4): return load(UInt32.self) { Int($0) }
    case (.unsignedInteger, _): return whole(load(UInt64.self) { Int(exactly: $0) })
    case (.floatingPoint, _), (.brainFloat, _): return whole(doubles().map { Int(exactly: $0) })
    }
  }

  private func whole(_ values: [Int?]) -> [Int]? {
    let present = values.compactMap(\.self)
    return present.count == values.count ? present : nil
  }

  private func elements<Number: BinaryFloatingPoint>() -> [Number] {
    switch (type.kind, type.size) {
    case (.boolean, _): load(UInt8.self) { $0 == 0 ? 0 : 1 }
    case (.signedInteger, 1): load(UInt8.self) { Number(Int8(bitPattern: $0)) }
    case (.signedInteger, 2): load(UInt16.self) { Number(Int16(bitPattern: $0)) }
    case (.signedInteger, 4): load(UInt32.self) { Number(Int32(bitPattern: $0)) }
    case (.signedInteger, _): load(UInt64.self) { Number(Int64(bitPattern: $0)) }
    case (.unsignedInteger, 1): load(UInt8.self) { Number($0) }
    case (.unsignedInteger, 2): load(UInt16.self) { Number($0) }
    case (.unsignedInteger, 4): load(UInt32.self) { Number($0) }
    case (.unsignedInteger, _): load(UInt64.self) { Number($0) }
    case (.floatingPoint, 2): load(UInt16.self) { Number(Float16(bitPattern: $0)) }
    case (.floatingPoint, 4): load(UInt32.self) { Number(Float(bitPattern: $0)) }
    case (.floatingPoint, _): load(UInt64.self) { Number(Double(bitPattern: $0)) }
    case (.brainFloat, _): load(UInt16.self) { Number(Float(brainFloat: $0)) }
    }
  }

  /// Every element as the bits it is made of, converted one by one, the last axis varying fastest.
  private func load<Bits: FixedWidthInteger, Result>(_: Bits.Type, _ convert: (Bits) -> Result) -> [Result] {
    let isBigEndian = type.isBigEndian
    return bytes.withUnsafeBytes { raw in
      // The initialiser has checked that the bytes hold `count` elements; positions are permutations of 0..<count.
      func element(_ position: Int) -> Result {
        let bits = raw.loadUnaligned(fromByteOffset: position * MemoryLayout<Bits>.size, as: Bits.self)
        return convert(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
      }
      if isFortranOrder && shape.count > 1 { return fortranPositions().map(element) }
      return (0..<count).map(element)
    }
  }

  /// Where each element, taken with the last axis fastest, lies in bytes that have the first axis fastest.
  private func fortranPositions() -> [Int] {
    guard count > 0 else { return [] }
    var strides: [Int] = []
    var stride = 1
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    var index = [Int](repeating: 0, count: shape.count)
    var position = 0
    return (0..<count).map { _ in
      let current = position
      for axis in shape.indices.reversed() {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        index[axis] = 0
      }
      return current
    }
  }
}

/// The element type of a numeric array in a file: kind, size and byte order.
public struct NumericType: Sendable, Hashable {
  /// What the bits of an element mean.
  public enum Kind: Sendable, Hashable {
    /// True or false, in a byte.
    case boolean
    /// Whole numbers, also below zero.
    case signedInteger
    /// Whole numbers from zero.
    case unsignedInteger
    /// IEEE 754: half, single or double by size.
    case floatingPoint
    /// The upper half of a single-precision number, as PyTorch stores `bfloat16`.
    case brainFloat
  }

  /// What the bits mean.
  public let kind: Kind
  /// Bytes per element: 1, 2, 4 or 8.
  public let size: Int
  /// Whether the most significant byte comes first.
  public let isBigEndian: Bool

  init(_ kind: Kind, size: Int, isBigEndian: Bool = false) {
    self.kind = kind
    self.size = size
    self.isBigEndian = isBigEndian
  }

  /// The type that numpy writes as `<f4`, `|u1`, `>i8` or, without a byte order, `f8`; nil for any other.
  ///
  /// Read are `b1` and `?`, `i` and `u` of 1, 2, 4 and 8 bytes, `f` of 2, 4 and 8 bytes. Not read are complex numbers,
  /// dates, text, objects and records.
  public init?(descriptor: String) {
    var letters = Substring(descriptor)
    var bigEndian = false
    if let order = letters.first, "<>|=".contains(order) {
      bigEndian = order == ">"
      letters = letters.dropFirst()
    }
    switch letters {
    case "b1", "?": self.init(.boolean, size: 1)
    case "i1", "i2", "i4", "i8": self.init(.signedInteger, size: Self.size(letters), isBigEndian: bigEndian)
    case "u1", "u2", "u4", "u8": self.init(.unsignedInteger, size: Self.size(letters), isBigEndian: bigEndian)
    case "f2", "f4", "f8": self.init(.floatingPoint, size: Self.size(letters), isBigEndian: bigEndian)
    default: return nil
    }
  }

  /// The same type with the other end first.
  func withByteOrder(bigEndian: Bool) -> NumericType {
    NumericType(kind, size: size, isBigEndian: bigEndian && size > 1)
  }

  private static func size(_ letters: Substring) -> Int {
    switch letters.last {
    case "8": 8
    case "4": 4
    case "2": 2
    default: 1
    }
  }
}

extension NumericType: CustomStringConvertible {
  /// As numpy writes it, such as `<f4`.
  public var description: String {
    let order = size == 1 ? "|" : isBigEndian ? ">" : "<"
    switch kind {
    case .boolean: return "|b1"
    case .signedInteger: return "\(order)i\(size)"
    case .unsignedInteger: return "\(order)u\(size)"
    case .floatingPoint: return "\(order)f\(size)"
    case .brainFloat: return "bfloat16"
    }
  }
}
