import Foundation

/// What `ambd explain` answers with, on one line of JSON: an explanation or the reason why there is none.
public struct ExplanationReply: Codable, Sendable {
  /// Nil where there is an error.
  public var explanation: DialogueExplanation?
  /// Nil where there is an explanation.
  public var error: Explanation?

  /// An answer.
  public init(_ explanation: DialogueExplanation) {
    self.explanation = explanation
  }

  /// The reason why there is none.
  public init(_ error: Explanation) {
    self.error = error
  }

  /// Reads what `json()` wrote.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(ExplanationReply.self, from: json)
  }

  /// The reply with its line end, keys sorted.
  ///
  /// - Throws: `EncodingError` for numbers that are not finite.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return try encoder.encode(self) + Data("\n".utf8)
  }
}
