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

  /// Hebrew and Arabic names beside numbers: each stays where it is written.
  @Test(arguments: [
    ("Anna (2), \u{5DE}\u{5E9}\u{5D4} (3)", "Anna (2), <\u{5DE}\u{5E9}\u{5D4}> (3)"),
    ("\u{5D1}\u{5DF} \u{5D3}\u{5D5}\u{5D3}, 1", "<\u{5D1}\u{5DF} \u{5D3}\u{5D5}\u{5D3}>, 1"),
    ("\u{645}\u{64E}-2.csv", "<\u{645}\u{64E}>-2.csv"), ("田中 e\u{301} 😀", "田中 e\u{301} 😀"), ("", ""),
  ])
  func wordsFromRightToLeftAreKeptApart(_ text: String, _ expected: String) {
    let signs = expected.replacing("<", with: "\u{2068}").replacing(">", with: "\u{2069}")
    let marked = signs.replacing("\u{2068}", with: "<bdi>").replacing("\u{2069}", with: "</bdi>")
    #expect(MarkupText.words(text) == marked)
    #expect(MarkdownText.escaped(text) == signs)
    #expect(MarkdownText.escaped("a\u{202E}b\u{2067}c") == "abc")
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
