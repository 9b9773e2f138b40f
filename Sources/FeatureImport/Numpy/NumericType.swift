/// The element type of a numeric array in a file: kind, size and byte order.
public struct NumericType: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case boolean
    case signedInteger
    case unsignedInteger
    /// IEEE 754: half, single or double by size.
    case floatingPoint
    /// The upper half of a single-precision number, as PyTorch stores `bfloat16`.
    case brainFloat
  }

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
