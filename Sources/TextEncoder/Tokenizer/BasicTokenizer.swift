import Foundation

/// BERT's first step from text to words: clean the characters, then split at blanks and around punctuation.
///
/// The rules are those of the published tokenizers (Devlin et al. 2019), scalar by scalar:
/// 1. control and format characters and U+FFFD go, every kind of blank becomes a space;
/// 2. each CJK ideograph becomes a word of its own;
/// 3. uncased models: the text is decomposed (NFD), accents (nonspacing marks) go, letters become lower case;
/// 4. words end at blanks, and each punctuation character is a word.
struct BasicTokenizer: Sendable {
  /// Whether the model is uncased: it lower-cases and strips accents.
  let isUncased: Bool

  /// The words of a text, each a run of scalars without blanks.
  func words(_ text: Substring.UnicodeScalarView) -> [ArraySlice<Unicode.Scalar>] {
    var words: [ArraySlice<Unicode.Scalar>] = []
    let scalars = normalised(text)
    var start = 0
    for (index, scalar) in scalars.enumerated() {
      let isBlank = Self.isBlank(scalar)
      guard isBlank || Self.isPunctuation(scalar) else { continue }
      if start < index { words.append(scalars[start..<index]) }
      if !isBlank { words.append(scalars[index...index]) }
      start = index + 1
    }
    if start < scalars.count { words.append(scalars[start...]) }
    return words
  }

  /// Steps 1 to 3.
  func normalised(_ text: Substring.UnicodeScalarView) -> [Unicode.Scalar] {
    var cleaned = String.UnicodeScalarView()
    for scalar in text {
      if Self.isRemoved(scalar) { continue }
      if Self.isBlank(scalar) {
        cleaned.append(" ")
      } else if Self.isIdeograph(scalar) {
        cleaned.append(contentsOf: [" ", scalar, " "])
      } else {
        cleaned.append(scalar)
      }
    }
    guard isUncased else { return Array(cleaned) }
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(cleaned.count)
    for scalar in decomposed(cleaned) {
      if scalar.isASCII {
        result.append(scalar.properties.isUppercase ? Self.lowerCase(scalar) : scalar)
      } else if scalar.properties.generalCategory != .nonspacingMark {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  private func decomposed(_ scalars: String.UnicodeScalarView) -> String.UnicodeScalarView {
    scalars.allSatisfy(\.isASCII) ? scalars : String(scalars).decomposedStringWithCanonicalMapping.unicodeScalars
  }

  private static func lowerCase(_ letter: Unicode.Scalar) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(letter.value) | 0x20)
  }

  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "\n", "\r": true
    case _ where scalar.isASCII: false
    default: scalar.properties.isWhitespace
    }
  }

  /// Control (Cc), format (Cf) and private characters (Co), and the mark for bytes that were no text; line ends stay.
  private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (scalar.value < 0x20 && !isBlank(scalar)) || scalar.value == 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse: return true
    default: return scalar == "\u{FFFD}"
    }
  }

  /// ASCII's symbols count as punctuation too: `$`, `+`, `<`, `^`, `|`.
  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
    case ..<0x80: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// The blocks of CJK ideographs; kana and Hangul are written with blanks or pieces and stay together.
  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF,
      0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
