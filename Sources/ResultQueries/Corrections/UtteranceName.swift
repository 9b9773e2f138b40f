import DialogueDomain

/// An utterance as typed: `DIALOGUE:N`, where N is its turn or its id; the dialogue's name may hold colons itself.
public struct UtteranceName: Sendable, Hashable {
  /// The dialogue's id.
  public let dialogue: String
  /// The utterance's position in the dialogue, from 0, or its id.
  public let utterance: String

  /// - Throws: `QueryError` where there is no colon, or nothing on one side of it.
  public init(_ typed: String) throws {
    guard let colon = typed.lastIndex(of: ":"), colon > typed.startIndex, typed.index(after: colon) < typed.endIndex
    else {
      throw QueryError(
        usage: "this names no utterance", found: typed,
        expected: "a dialogue, a colon, and a turn or an id, as dev-12:3")
    }
    dialogue = String(typed[..<colon])
    utterance = String(typed[typed.index(after: colon)...])
  }

  /// A correction of it.
  ///
  /// - Parameters:
  ///   - emotion: what was felt; nil withdraws earlier corrections.
  ///   - bundle: the first digits of the bundle's digest, where the dialogue's name is not enough.
  public func correction(_ emotion: String?, bundle: String?) -> CorrectionRequest {
    CorrectionRequest(bundleDigest: bundle, dialogue: dialogue, utterance: utterance, emotion: emotion)
  }
}
