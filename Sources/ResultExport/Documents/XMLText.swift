import Presentation

/// Text inside XML 1.0.
enum XMLText {
  /// The text escaped for content and attributes; a character that XML cannot hold becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isForbidden) else {
      return MarkupText.escaped(text).replacing("\n", with: "&#10;").replacing("\r", with: "&#13;")
        .replacing("\t", with: "&#9;")
    }
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { kept.append(isForbidden(scalar) ? "\u{FFFD}" : scalar) }
    return escaped(String(kept))
  }

  /// An attribute with a blank before it.
  static func attribute(_ name: String, _ value: String) -> String { " \(name)=\"\(escaped(value))\"" }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0x00..<0x20, 0xFFFE...0xFFFF: true
    default: false
    }
  }
}
