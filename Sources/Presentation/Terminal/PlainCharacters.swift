import Foundation

/// Text for terminals that show ASCII only, as they do where the locale is C.
public enum PlainCharacters {
  /// Whether the environment's locale has no more than ASCII: `LC_ALL`, else `LC_CTYPE`, else `LANG`, by the usual rule.
  ///
  /// Without any of them nothing is known, and most terminals understand UTF-8.
  public static func areWanted(_ environment: [String: String]) -> Bool {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    guard let name = named?.uppercased() else { return false }
    return name == "C" || name == "POSIX" || name.contains("ASCII")
  }

  private static let signs: [Unicode.Scalar: String] = [
    "…": "~", "–": "-", "—": "-", "−": "-", "·": "-", "•": "*", "≠": "!", "≈": "~", "±": "~", "×": "x", "→": ">",
    "←": "<", "≥": ">", "≤": "<", "‘": "'", "’": "'", "“": "\"", "”": "\"", "█": "#", "▉": "#", "▊": "#", "▋": "#",
    "▌": "#", "▍": "-", "▎": "-", "▏": "-", "░": ".", "\u{A0}": " ", "ß": "s", "ø": "o", "Ø": "O", "ł": "l", "æ": "a",
  ]

  /// The text in ASCII, each character as wide as it was: signs by similar ones, letters without their accents, and `?` for
  /// what has nothing similar.
  public static func ascii(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var plain = ""
    for character in text {
      if character.isASCII {
        plain.append(character)
        continue
      }
      let scalars = character.unicodeScalars
      if let only = scalars.first, scalars.count == 1, let sign = signs[only] {
        plain += sign
        continue
      }
      let columns = TextWidth.columns(of: character)
      let base = String(character).decomposedStringWithCanonicalMapping.unicodeScalars.first
      if columns == 1, let base, base.isASCII {
        plain.unicodeScalars.append(base)
      } else {
        plain += String(repeating: "?", count: columns)
      }
    }
    return plain
  }
}
