/// Paragraphs for terminals.
public enum WrappedText {
  /// The text in lines that break between words; a word that is wider than a line stands alone.
  ///
  /// - Parameter width: columns of a line.
  public static func lines(_ text: String, _ width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      let longer = line.isEmpty ? String(word) : "\(line) \(word)"
      if !line.isEmpty && TextWidth.columns(of: longer) > width {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = longer
      }
    }
    return lines
  }
}
