import DialogueDomain

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
    case .float: elements(bytes, count) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .half: elements(bytes, count) { Float(Float16(bitPattern: UInt16(littleEndian: $0))) }
    case .brainFloat: elements(bytes, count) { Float(brainFloat: UInt16(littleEndian: $0)) }
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

  private func elements<Stored: BitwiseCopyable, Element>(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ convert: (Stored) -> Element
  ) -> [Element] {
    (0..<count).map { convert(bytes.loadUnaligned(fromByteOffset: $0 * size, as: Stored.self)) }
  }
}
