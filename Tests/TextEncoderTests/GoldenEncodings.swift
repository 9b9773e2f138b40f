import AMBDSGDN
import Foundation
import Testing

@testable import TextEncoder

/// What the published tokenizer and encoder made of awkward texts, and a tiny network's every value and gradient.
enum GoldenEncodings {
  struct Text: Decodable, Sendable {
    let text: String
    let ids: [Int]
  }

  struct Pair: Decodable, Sendable {
    let context: String
    let text: String
    let ids: [Int]
    let types: [Int]
  }

  struct Tiny: Decodable {
    let sequences: [[Int]]
    let types: [[Int]]

    enum CodingKeys: String, CodingKey {
      case sequences
      case types = "token_types"
    }

    /// Whole sequences are pooled, whatever their types.
    var tokenSequences: [TokenSequence] {
      zip(sequences, types).map { TokenSequence(ids: $0, types: $1, pooled: 0..<$0.count) }
    }
  }

  static func texts() throws -> [Text] { try decoded("minilm.json") }
  static func pairs() throws -> [Pair] { try decoded("pairs.json") }
  static func tiny() throws -> Tiny { try decoded("tiny.json") }

  static func tensors(_ name: String) throws -> SafetensorsFile { try SafetensorsFile(url(name)) }

  /// The golden encoder's sizes; dropout plays no part in a computation without a source of masks.
  static let tinyConfiguration = EncoderConfiguration(
    vocabulary: 97, hidden: 24, layers: 2, heads: 4, intermediate: 40, positions: 32)

  private static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.resourceURL).appendingPathComponent("Goldens/\(name)")
  }

  private static func decoded<Content: Decodable>(_ name: String) throws -> Content {
    try JSONDecoder().decode(Content.self, from: Data(contentsOf: url(name)))
  }
}

/// The real encoder, where this machine has one: read once for all tests.
enum InstalledEncoder {
  static let encoder = Result { try TextEncoder(directory: EncoderDirectory.find()) }

  /// Whether a copy is named or was fetched; a copy that is there and cannot be read fails the tests.
  static var isPresent: Bool {
    if case .failure(EncoderError.notInstalled) = encoder { return false }
    return true
  }
}
