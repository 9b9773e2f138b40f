/// How many columns text takes on a terminal.
public enum TextWidth {
  /// Columns of a whole string: 2 for East Asian wide characters and emoji, 0 for combining marks.
  public static func columns(of text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    var count = 0
    for scalar in text.unicodeScalars {
      guard isNarrow(scalar) else { return text.reduce(0) { $0 + columns(of: $1) } }
      count += 1
    }
    return count
  }

  /// Columns of one character, however many scalars it is made of.
  public static func columns(of character: Character) -> Int {
    if character.isASCII { return 1 }
    var width = 0
    for scalar in character.unicodeScalars {
      if scalar.value == 0xFE0F { return 2 }
      width = max(width, columns(of: scalar))
    }
    return width
  }

  /// The longest beginning of `text` that fits into `limit` columns, with `…` in the last one where something was cut.
  public static func cut(_ text: String, to limit: Int) -> String {
    guard columns(of: text) > limit else { return text }
    guard limit > 0 else { return "" }
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.prefix(limit - 1) + "…" }
    var kept = ""
    var width = 0
    for character in text {
      let next = columns(of: character)
      if width + next > limit - 1 { break }
      kept.append(character)
      width += next
    }
    return kept + "…"
  }

  /// The text with control characters made visible, so that a name out of a file cannot steer the terminal.
  public static func visible(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": shown += "\\n"
      case "\t": shown += "\\t"
      case "\r": shown += "\\r"
      case _ where isControl(scalar): shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// C0, DEL and C1, and the marks that reorder or break a line of text.
  public static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Latin letters, punctuation, arrows, mathematical signs, box and block elements: one column each and never combined.
  private static func isNarrow(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F, 0xA0...0xAC, 0xAE...0x2FF, 0x2010...0x2027, 0x2190...0x22FF, 0x2500...0x259F: true
    default: false
    }
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The blocks whose characters Unicode's East Asian Width calls wide or fullwidth.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F,  // Hangul Jamo, leading consonants
    0x2E80...0x303E,  // radicals, CJK punctuation
    0x3041...0x33FF,  // kana, bopomofo, Hangul compatibility, squared words
    0x3400...0x4DBF,  // CJK extension A
    0x4E00...0x9FFF,  // CJK unified ideographs
    0xA000...0xA4CF,  // Yi
    0xA960...0xA97F,  // Hangul Jamo extended A
    0xAC00...0xD7A3,  // Hangul syllables
    0xF900...0xFAFF,  // CJK compatibility ideographs
    0xFE30...0xFE6F,  // CJK compatibility forms
    0xFF00...0xFF60,  // fullwidth forms
    0xFFE0...0xFFE6,  // fullwidth signs
    0x1F300...0x1F64F,  // pictographs, faces
    0x1F900...0x1F9FF,  // more pictographs
    0x20000...0x3FFFD,  // CJK extensions B and later
  ]
}
