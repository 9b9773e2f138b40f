/// Thrift's compact protocol, as far as Parquet's metadata needs it.
///
/// Fields of a structure must be written in ascending order of their numbers.
struct CompactProtocol {
  private(set) var bytes: [UInt8] = []
  private var lastField = 0

  private enum Wire: UInt8 {
    case isTrue = 1
    case isFalse = 2
    case int32 = 5
    case int64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  mutating func int32(_ field: Int, _ value: Int) {
    header(field, .int32)
    zigzag(value)
  }

  mutating func int64(_ field: Int, _ value: Int) {
    header(field, .int64)
    zigzag(value)
  }

  mutating func flag(_ field: Int, _ value: Bool) {
    header(field, value ? .isTrue : .isFalse)
  }

  mutating func string(_ field: Int, _ text: String) {
    header(field, .binary)
    binary(text)
  }

  mutating func structure(_ field: Int, _ body: (inout CompactProtocol) -> Void) {
    header(field, .structure)
    inner(body)
  }

  mutating func structures<Element>(
    _ field: Int, _ elements: [Element], _ body: (inout CompactProtocol, Element) -> Void
  ) {
    list(field, .structure, count: elements.count)
    for element in elements { inner { body(&$0, element) } }
  }

  mutating func int32s(_ field: Int, _ values: [Int]) {
    list(field, .int32, count: values.count)
    values.forEach { zigzag($0) }
  }

  mutating func strings(_ field: Int, _ values: [String]) {
    list(field, .binary, count: values.count)
    values.forEach { binary($0) }
  }

  /// Ends the outermost structure.
  mutating func end() { bytes.append(0) }

  private mutating func inner(_ body: (inout CompactProtocol) -> Void) {
    let outer = lastField
    lastField = 0
    body(&self)
    end()
    lastField = outer
  }

  private mutating func header(_ field: Int, _ wire: Wire) {
    let step = field - lastField
    if (1...15).contains(step) {
      bytes.append(UInt8(step) << 4 | wire.rawValue)
    } else {
      bytes.append(wire.rawValue)
      zigzag(field)
    }
    lastField = field
  }

  private mutating func list(_ field: Int, _ wire: Wire, count: Int) {
    header(field, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | wire.rawValue)
    } else {
      bytes.append(0xF0 | wire.rawValue)
      Self.variable(UInt64(count), to: &bytes)
    }
  }

  private mutating func binary(_ text: String) {
    Self.variable(UInt64(text.utf8.count), to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func zigzag(_ value: Int) {
    Self.variable(UInt64(bitPattern: Int64(value << 1 ^ value >> 63)), to: &bytes)
  }

  /// Seven bits a byte, the lowest first; the high bit says that more follow.
  static func variable(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// Parquet's hybrid of run lengths and packed bits, for levels and places in a dictionary.
enum HybridRuns {
  /// - Parameters:
  ///   - values: each below 2 to the power of `width`.
  ///   - width: bits a value, 1 to 32.
  static func encode(_ values: [UInt32], width: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    // Whole groups of eight, but for the last of all, which zeros fill up.
    var packed: [UInt32] = []
    func flush() {
      guard !packed.isEmpty else { return }
      CompactProtocol.variable(UInt64(packed.count / 8) << 1 | 1, to: &bytes)
      pack(packed, width: width, to: &bytes)
      packed.removeAll(keepingCapacity: true)
    }
    var index = 0
    while index < values.count {
      var end = index + 1
      while end < values.count, values[end] == values[index] { end += 1 }
      if end - index >= 8 {
        flush()
        CompactProtocol.variable(UInt64(end - index) << 1, to: &bytes)
        for byte in 0..<(width + 7) / 8 { bytes.append(UInt8(truncatingIfNeeded: values[index] >> UInt32(8 * byte))) }
        index = end
      } else {
        for place in index..<index + 8 { packed.append(place < values.count ? values[place] : 0) }
        index += 8
      }
    }
    flush()
    return bytes
  }

  private static func pack(_ values: [UInt32], width: Int, to bytes: inout [UInt8]) {
    var pending: UInt64 = 0
    var bits = 0
    for value in values {
      pending |= UInt64(value) << UInt64(bits)
      bits += width
      while bits >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        bits -= 8
      }
    }
  }
}
