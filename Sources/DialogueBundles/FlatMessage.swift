/// A byte string being built from numbers and texts, little-endian, each text after its length.
struct FlatMessage {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: UInt8) {
    bytes.append(value)
  }

  mutating func append(_ value: Int) {
    withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  /// A byte that tells whether there is a value, then the value.
  mutating func append<Value>(_ value: Value?, _ appendValue: (inout FlatMessage, Value) -> Void) {
    append(UInt8(value == nil ? 0 : 1))
    if let value { appendValue(&self, value) }
  }
}

/// Takes apart what `FlatMessage` built, trusting none of it.
struct FlatMessageReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() throws -> UInt8 {
    try take(1)[position - 1]
  }

  mutating func integer() throws -> Int {
    Int(Int64(bitPattern: try word()))
  }

  mutating func double() throws -> Double {
    Double(bitPattern: try word())
  }

  mutating func text() throws -> String {
    let count = try integer()
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw BundleError.readerGarbled("a text that is not UTF-8")
    }
    return text
  }

  mutating func optional<Value>(_ value: (inout FlatMessageReader) throws -> Value) throws -> Value? {
    switch try byte() {
    case 0: nil
    case 1: try value(&self)
    case let other: throw BundleError.readerGarbled("the mark \(other)")
    }
  }

  /// A count of elements that take at least `size` bytes each.
  mutating func count(ofSize size: Int) throws -> Int {
    let count = try integer()
    guard count >= 0, count <= (bytes.count - position) / size else {
      throw BundleError.readerGarbled("a count of \(count)")
    }
    return count
  }

  private mutating func word() throws -> UInt64 {
    try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else {
      throw BundleError.readerGarbled("a message that ends early")
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }
}
