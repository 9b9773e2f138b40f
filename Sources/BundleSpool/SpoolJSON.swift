import Foundation

/// The notes and reports beside bundles: JSON for people and programs, the same bytes for the same content.
enum SpoolJSON {
  static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return try encoder.encode(value) + Data("\n".utf8)
  }

  /// Nil where the file is missing or does not hold such a value.
  static func decode<Value: Decodable>(_ type: Value.Type, from url: URL) -> Value? {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try? decoder.decode(type, from: Data(contentsOf: url))
  }
}
