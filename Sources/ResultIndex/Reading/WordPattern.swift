import DialogueDomain

/// Words to search for as a user types them: all must be said, in any order; a `*` ends a word's beginning, and double
/// quotes hold words together.
///
/// `refund* "my money"` finds "I want my money, refunded". Case, accents and punctuation do not matter.
public struct WordPattern: Sendable, Hashable {
  /// What SQLite's full-text search takes.
  let match: String

  /// - Returns: nil where there is no word in the text.
  public init?(_ typed: String) {
    let parts = typed.split(separator: "\"", omittingEmptySubsequences: false)
    let phrases = parts.enumerated().flatMap { index, part -> [String] in
      // Every second part stood in quotes.
      if index.isMultiple(of: 2) { return part.split(whereSeparator: \.isWhitespace).map(Self.phrase) }
      return [Self.phrase(part)]
    }.filter { $0.contains { $0.isLetter || $0.isNumber } }
    guard !phrases.isEmpty else { return nil }
    match = phrases.joined(separator: " AND ")
  }

  /// A phrase as full-text search writes it, its `*` outside of the quotes.
  private static func phrase(_ text: Substring) -> String {
    let isBeginning = text.last == "*"
    return "\"\(isBeginning ? text.dropLast() : text)\"" + (isBeginning ? " *" : "")
  }
}
