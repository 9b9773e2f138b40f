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

  /// The same, in which a word that is wider than a line goes on in the next one.
  public static func brokenLines(_ text: String, _ width: Int) -> [String] {
    lines(text, width).flatMap { line -> [String] in
      guard TextWidth.columns(of: line) > width else { return [line] }
      var pieces = [""]
      var reached = 0
      for character in line {
        let next = TextWidth.columns(of: character)
        if reached + next > width, reached > 0 {
          pieces.append("")
          reached = 0
        }
        pieces[pieces.count - 1].append(character)
        reached += next
      }
      return pieces
    }
  }
}
