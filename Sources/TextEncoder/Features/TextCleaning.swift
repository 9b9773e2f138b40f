/// What is done to an utterance's words before they are encoded: typographers' characters become ASCII's, blanks are
/// joined.
///
/// | character | becomes |
/// | --- | --- |
/// | ‘ ’ ‚ ‛ (U+2018–201B) | `'` |
/// | “ ” „ ‟ (U+201C–201F) | `"` |
/// | hyphens, dashes and bars (U+2010–2015), minus (U+2212) | `-` |
/// | … (U+2026) | `...` |
/// | no-break spaces (U+00A0, U+202F) and every other blank | one space; none at the ends |
///
/// It is part of the extractor `all-MiniLM-L6-v2/384` here: the models were trained on words cleaned like this, and a
/// curly quote left as it is moves an embedding's elements by up to 0.035.
public enum TextCleaning {
  /// The words as the encoder gets them.
  public static func cleaned(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var awaitsBlank = false
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        awaitsBlank = !result.isEmpty
        continue
      }
      if awaitsBlank { result.append(" ") }
      awaitsBlank = false
      switch scalar.value {
      case 0x2018...0x201B: result.append("'")
      case 0x201C...0x201F: result.append("\"")
      case 0x2010...0x2015, 0x2212: result.append("-")
      case 0x2026: result.append(contentsOf: "...".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Words of a text: what blanks separate after the cleaning.
  public static func wordCount(_ text: String) -> Int {
    cleaned(text).unicodeScalars.split(separator: " ").count
  }
}
