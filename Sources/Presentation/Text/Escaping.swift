/// Words of a shell's command line.
public enum ShellText {
  /// The text as one word of a shell: as it is where no character of it means anything there, else in quotes.
  ///
  /// ```swift
  /// ShellText.quoted("failed/broken's.h5")  // 'failed/broken'\''s.h5'
  /// ```
  public static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_./=,:+@%".utf8.contains(byte)
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

/// Text inside SVG and HTML.
public enum MarkupText {
  /// The text with the characters that markup is made of written as entities, and without marks that would turn the
  /// direction of writing of what stands after it.
  public static func escaped(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let kept =
      scalars.contains(where: turnsDirection)
      ? String(String.UnicodeScalarView(scalars.filter { !turnsDirection($0) })) : text
    return kept.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// Embeddings, overrides and isolates: where a name does not end them, they reach beyond it.
  static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
    (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }

  /// The same, with per cent signs that stay with their numbers, and words from right to left that touch nothing beside them.
  public static func words(_ text: String) -> String {
    Bidirectional.isolated(escaped(text), by: "<bdi>", "</bdi>").replacing(" %", with: "&nbsp;%")
  }

  /// The same of one name, which is read in the direction in which it begins.
  public static func name(_ text: String) -> String {
    Bidirectional.isMixed(text) ? "<bdi>\(words(text))</bdi>" : words(text)
  }

  /// Text out of a file as it is, without characters that HTML does not have.
  public static func plain(_ text: String) -> String {
    escaped(String(String.UnicodeScalarView(text.unicodeScalars.map { isForbidden($0) ? " " : $0 })))
  }

  /// A name out of a file, whose direction of writing does not touch what stands beside it.
  public static func isolated(_ text: String) -> String { "<bdi>\(plain(text))</bdi>" }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    (0x00...0x1F).contains(scalar.value) || (0x7F...0x9F).contains(scalar.value)
  }

  /// One HTML file: nothing from elsewhere, readable on a telephone, in light and in dark.
  ///
  /// - Parameters:
  ///   - title: text, which is escaped here.
  ///   - style: CSS.
  ///   - policy: what the page may load and run; nil where it has nothing of the kind.
  ///   - body: HTML.
  public static func page(
    title: String, style: String = PageStyle.text, policy: String? = nil, body: String
  ) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    \(policy.map { "<meta http-equiv=\"Content-Security-Policy\" content=\"\(escaped($0))\">\n" } ?? "")\
    <title>\(escaped(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
  }
}

/// Text inside Markdown.
public enum MarkdownText {
  /// The text on one line, in which nothing is markup: names out of bundles must not become any, nor turn the direction of
  /// writing of what stands beside them.
  public static func escaped(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let kept =
      scalars.contains(where: MarkupText.turnsDirection)
      ? String(String.UnicodeScalarView(scalars.filter { !MarkupText.turnsDirection($0) })) : text
    return String(
      Bidirectional.isolated(kept, by: "\u{2068}", "\u{2069}").flatMap { character -> [Character] in
        switch character {
        case "\n", "\r", "\r\n": [" "]
        case "*", "_", "`", "[", "]", "#", "\\": ["\\", character]
        case "<": Array("&lt;")
        case ">": Array("&gt;")
        default: [character]
        }
      })
  }

  /// The same inside a table, where a bar would end the cell.
  public static func cell(_ text: String) -> String { escaped(text).replacing("|", with: "\\|") }
}
