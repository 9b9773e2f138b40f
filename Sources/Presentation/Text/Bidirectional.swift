/// Text in which words are written from right to left, among others that are not.
enum Bidirectional {
  /// Whether anything in it is written from right to left.
  static func isMixed(_ text: String) -> Bool { text.unicodeScalars.contains(where: isFromTheRight) }

  /// The text with marks around each run of words that are written from right to left, so that none of them moves the numbers
  /// and names beside it.
  static func isolated(_ text: String, by open: String, _ close: String) -> String {
    guard isMixed(text) else { return text }
    var marked = ""
    var run = ""
    // What belongs to a run only where more of it follows.
    var waiting = ""
    for scalar in text.unicodeScalars {
      if isFromTheRight(scalar)
        || !run.isEmpty && waiting.isEmpty && scalar.properties.generalCategory == .nonspacingMark
      {
        run += waiting
        run.unicodeScalars.append(scalar)
        waiting = ""
      } else if !run.isEmpty, joining.contains(scalar) {
        waiting.unicodeScalars.append(scalar)
      } else {
        if !run.isEmpty { marked += open + run + close + waiting }
        (run, waiting) = ("", "")
        marked.unicodeScalars.append(scalar)
      }
    }
    return run.isEmpty ? marked : marked + open + run + close + waiting
  }

  private static let joining: Set<Unicode.Scalar> = [" ", "-", "'", "’", "_", "\u{A0}"]

  /// Hebrew, Arabic, Syriac, Thaana, N'Ko and the other scripts that Unicode keeps in these blocks.
  private static func isFromTheRight(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }
}
