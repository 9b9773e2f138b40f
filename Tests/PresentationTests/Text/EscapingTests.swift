import Foundation
import Presentation
import Testing

struct EscapingTests {
  @Test(arguments: [
    ("/spool/failed/friday.h5", "/spool/failed/friday.h5"), ("--set", "--set"), ("a=b,c:d+e@f%", "a=b,c:d+e@f%"),
    ("", "''"), ("two words", "'two words'"), ("$HOME", "'$HOME'"), ("broken's.h5", "'broken'\\''s.h5'"), ("~", "'~'"),
    ("ü", "'ü'"), ("a;b", "'a;b'"),
  ])
  func shellWordsAreQuotedWhereAShellWouldReadThem(_ text: String, _ expected: String) {
    #expect(ShellText.quoted(text) == expected)
  }

  @Test func aNameOnAPageTurnsNothingRound() {
    #expect(MarkupText.escaped("a\u{202E}b\u{2067}c\u{202C}") == "abc")
    // Marks that belong to a script's own spelling stay.
    #expect(MarkupText.escaped("\u{5E0}\u{200F}\u{5D5}") == "\u{5E0}\u{200F}\u{5D5}")
    #expect(MarkupText.isolated("<b>\u{0}") == "<bdi>&lt;b&gt; </bdi>")
  }

  @Test func markupIsWrittenAsEntities() {
    #expect(MarkupText.escaped("<b a=\"1\">&") == "&lt;b a=&quot;1&quot;&gt;&amp;")
  }

  @Test func markdownStaysOnOneLineWithoutMarkup() {
    #expect(MarkdownText.escaped("a*b_c\nd<e>") == "a\\*b\\_c d&lt;e&gt;")
    #expect(MarkdownText.cell("a|b`") == "a\\|b\\`")
  }

  @Test(arguments: [
    ("plain", "\"plain\""), ("a\"b\\", "\"a\\\"b\\\\\""), ("\n\r\t", "\"\\n\\r\\t\""),
    ("\u{1}\u{7F}", "\"\\u0001\\u007f\""),
    ("ü田", "\"ü田\""),
  ])
  func jsonStringsReadBack(_ text: String, _ expected: String) throws {
    #expect(JSONText.quoted(text) == expected)
    let read = try JSONSerialization.jsonObject(with: Data(expected.utf8), options: .fragmentsAllowed)
    #expect(read as? String == text)
  }
}
