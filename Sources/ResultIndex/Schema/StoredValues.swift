import Foundation
import GRDB

/// Times as the index stores them: whole milliseconds since 1970.
extension Date {
  var milliseconds: Int64 {
    Int64((timeIntervalSince1970 * 1000).rounded())
  }

  init(milliseconds: Int64) {
    self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
  }
}

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
    let bytes = data.span
    return [Float](capacity: bytes.count / 4) { values in
      for first in stride(from: 0, to: bytes.count - 3, by: 4) {
        let low = UInt32(bytes[first]) | UInt32(bytes[first + 1]) << 8
        let high = UInt32(bytes[first + 2]) | UInt32(bytes[first + 3]) << 8
        values.append(Float(bitPattern: low | high << 16))
      }
    }
  }
}

/// Some of a model's classes as bits: bit k for class k.
enum ClassBits {
  /// Nil where a class lies beyond what a number holds.
  static func encode(_ classes: [Int]) -> Int64? {
    guard classes.allSatisfy({ (0..<64).contains($0) }) else { return nil }
    return Int64(bitPattern: classes.reduce(0) { $0 | 1 << UInt64($1) })
  }

  static func decode(_ bits: Int64) -> [Int] {
    let bits = UInt64(bitPattern: bits)
    return (0..<64).filter { bits >> UInt64($0) & 1 == 1 }
  }
}

/// Statements that are prepared once for each connection: preparing one takes longer than running it.
extension Database {
  /// Runs a statement.
  func run(sql: String, arguments: StatementArguments = StatementArguments()) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

extension DatabaseValueConvertible {
  /// The value that a query gives first; nil where it gives none.
  static func fetchCached(
    _ database: Database, sql: String, arguments: StatementArguments = StatementArguments()
  ) throws -> Self? {
    try fetchOne(try database.cachedStatement(sql: sql), arguments: arguments)
  }
}
