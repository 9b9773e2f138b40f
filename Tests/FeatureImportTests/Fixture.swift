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
