/// Which rows are speech and which describe sounds.
enum NonSpeech {
  private static let closing: [Character: Character] = ["[": "]", "(": ")", "{": "}", "*": "*", "♪": "♪", "（": "）"]

  /// Whether a text is speech.
  ///
  /// One without any letter or digit is not, nor is one that stands wholly in `[ ]`, `( )`, `{ }`, `* *` or between notes:
  /// `[music]`, `(door slams) (laughter)`, `♪ la la ♪`. A text that is only partly so is speech.
  static func isSpeech(_ text: String) -> Bool {
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return false }
    var rest = text[...].trimmed
    while let first = rest.first {
      guard let end = closing[first] else { return true }
      let inside = rest.dropFirst()
      guard let close = inside.firstIndex(of: end) else { return end != "♪" }
      rest = inside[inside.index(after: close)...].trimmed
      while let mark = rest.first, ".,;-".contains(mark) { rest = rest.dropFirst().trimmed }
    }
    return false
  }
}
