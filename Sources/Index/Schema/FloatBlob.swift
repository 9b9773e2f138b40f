import Foundation

/// Vectors of Float32 as bytes, little-endian.
enum FloatBlob {
  static func encode(_ values: [Float]) -> Data {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 4)
    for value in values {
      let bits = value.bitPattern
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
    }
    return Data(bytes)
  }

  /// Bytes beyond the last whole value are ignored.
  static func decode(_ data: Data) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(data.count / 4)
    var bits: UInt32 = 0
    var position: UInt32 = 0
    for byte in data {
      bits |= UInt32(byte) << (8 * position)
      position += 1
      if position == 4 {
        values.append(Float(bitPattern: bits))
        bits = 0
        position = 0
      }
    }
    return values
  }
}
