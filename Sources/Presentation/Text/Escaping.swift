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
  /// The text with the characters that markup is made of written as entities.
  public static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// The same, with per cent signs that stay with their numbers.
  public static func words(_ text: String) -> String { escaped(text).replacing(" %", with: "&nbsp;%") }

  /// One HTML file: no scripts, nothing from elsewhere, readable on a telephone, in light and in dark.
  ///
  /// - Parameters:
  ///   - title: text, which is escaped here.
  ///   - style: CSS.
  ///   - body: HTML.
  public static func page(title: String, style: String = PageStyle.text, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
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
  /// The text on one line, in which nothing is markup: names out of bundles must not become any.
  public static func escaped(_ text: String) -> String {
    String(
      text.flatMap { character -> [Character] in
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
