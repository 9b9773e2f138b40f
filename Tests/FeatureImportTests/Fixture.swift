import Foundation
import Testing

@testable import FeatureImport

/// The files of `Fixtures`.
enum Fixture {
  static func url(_ name: String) -> URL {
    Bundle.module.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(name)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url(name)))
  }

  static func pickle(_ name: String) throws -> PickleValue {
    try Unpickler.value(of: bytes(name), source: name)
  }
}

/// The bytes of text.
func ascii(_ text: String) -> [UInt8] {
  Array(text.utf8)
}

/// A pickle's instructions written as Latin-1 text, `times` over.
func code(_ text: String, times: Int = 1) -> [UInt8] {
  let bytes = text.unicodeScalars.map { UInt8($0.value) }
  return Array(repeatElement(bytes, count: times).joined())
}

/// The message of a pickle that is refused.
func refusal(_ bytes: [UInt8], limits: PickleLimits? = nil) throws -> String {
  let error = #expect(throws: PickleError.self) {
    try Unpickler.value(of: bytes, source: "hostile.pkl", limits: limits)
  }
  return try #require(error).description
}

/// SplitMix64: the same mutations on every run.
struct Mutations {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((bits ^ (bits >> 31)) % UInt64(bound))
  }

  /// The bytes with a few of them changed, cut out, doubled or swapped.
  mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0...next(below: 4) where !result.isEmpty {
      let position = next(below: result.count)
      switch next(below: 5) {
      case 0: result[position] = UInt8(next(below: 256))
      case 1: result[position] ^= 1 << UInt8(next(below: 8))
      case 2: result.removeSubrange(position..<min(result.count, position + 1 + next(below: 8)))
      case 3:
        result.insert(contentsOf: result[position..<min(result.count, position + 1 + next(below: 8))], at: position)
      default: result.swapAt(position, next(below: result.count))
      }
    }
    return result
  }
}
