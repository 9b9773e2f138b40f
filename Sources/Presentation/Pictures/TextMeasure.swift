/// About how wide text is in a sans-serif font; enough to keep labels apart.
enum TextMeasure {
  static func width(_ text: String, size: Double = 12) -> Double {
    // A wide character, such as a Chinese one, takes about its whole size; others a little over half of it.
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 1.0 : 0.56) } * size
  }

  /// The text, cut with an ellipsis where it is wider than its room.
  static func fitted(_ text: String, into room: Double, size: Double = 12) -> String {
    guard width(text, size: size) > room else { return text }
    var short = text
    while !short.isEmpty && width(short + "…", size: size) > room { short.removeLast() }
    return short + "…"
  }
}
