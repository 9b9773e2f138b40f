/// The element types of safetensors files that this program reads.
public enum TensorType: String, CaseIterable, Sendable {
  case double = "F64"
  case float = "F32"
  case half = "F16"
  case brainFloat = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case byte = "U8"

  /// Bytes per element.
  var size: Int {
    switch self {
    case .double, .int64: 8
    case .float, .int32: 4
    case .half, .brainFloat: 2
    case .byte: 1
    }
  }

  func floats(_ bytes: UnsafeRawBufferPointer, count: Int) -> [Float] {
    switch self {
    case .float where UInt32(1).littleEndian == 1: copied(bytes, count)
    case .float: elements(bytes, count) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .half: elements(bytes, count) { singlePrecision(half: UInt16(littleEndian: $0)) }
    case .brainFloat: elements(bytes, count) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
    default: doubles(bytes, count: count).map(Float.init)
    }
  }

  func doubles(_ bytes: UnsafeRawBufferPointer, count: Int) -> [Double] {
    switch self {
    case .double: elements(bytes, count) { Double(bitPattern: UInt64(littleEndian: $0)) }
    case .int64: elements(bytes, count) { (value: Int64) in Double(Int64(littleEndian: value)) }
    case .int32: elements(bytes, count) { (value: Int32) in Double(Int32(littleEndian: value)) }
    case .byte: elements(bytes, count) { (value: UInt8) in Double(value) }
    default: floats(bytes, count: count).map(Double.init)
    }
  }

  /// Where the processor's numbers lie in memory as in the file.
  private func copied(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { floats, filled in
      UnsafeMutableRawBufferPointer(floats).copyMemory(from: bytes)
      filled = count
    }
  }

  private func elements<Stored: BitwiseCopyable, Element>(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ convert: (Stored) -> Element
  ) -> [Element] {
    (0..<count).map { convert(bytes.loadUnaligned(fromByteOffset: $0 * size, as: Stored.self)) }
  }
}

/// An IEEE half-precision number, exactly; written out because not every processor's Swift has Float16.
private func singlePrecision(half bits: UInt16) -> Float {
  let sign: Float = bits & 0x8000 == 0 ? 1 : -1
  let exponent = Int(bits >> 10) & 31
  let fraction = Float(bits & 1023)
  switch exponent {
  case 0: return sign * fraction * 0x1p-24
  case 31: return fraction == 0 ? sign * .infinity : .nan
  default: return sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
  }
}
