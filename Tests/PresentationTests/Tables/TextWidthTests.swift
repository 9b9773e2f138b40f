import Testing

@testable import Presentation

struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("anger", 5), ("Müller", 6), ("Mu\u{308}ller", 6), ("田中", 4), ("한국어", 6), ("ｗｉｄｅ", 8), ("😀", 2),
    ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("█▎", 2), ("≠ joy", 5), ("a\u{200B}b", 2), ("日本語 and text", 15), ("…–", 2),
  ])
  func columnsAreThoseOfATerminal(_ text: String, _ columns: Int) {
    #expect(TextWidth.columns(of: text) == columns)
  }

  @Test(arguments: [
    ("anger", 5, "anger"), ("anger", 4, "ang…"), ("anger", 1, "…"), ("anger", 0, ""), ("田中さん", 5, "田中…"),
    ("田中さん", 4, "田…"), ("Müller", 3, "Mü…"),
  ])
  func cuttingLeavesRoomForTheMark(_ text: String, _ limit: Int, _ expected: String) {
    #expect(TextWidth.cut(text, to: limit) == expected)
    #expect(TextWidth.columns(of: TextWidth.cut(text, to: limit)) <= limit)
  }

  @Test func controlCharactersCannotSteerTheTerminal() {
    #expect(TextWidth.visible("a\u{1B}[31mb\u{7}") == "a\\u{1b}[31mb\\u{7}")
    #expect(TextWidth.visible("a\nb\tc\rd") == "a\\nb\\tc\\rd")
    #expect(TextWidth.visible("a\u{202E}b\u{9B}c") == "a\\u{202e}b\\u{9b}c")
    #expect(TextWidth.visible("Müller 田中") == "Müller 田中")
  }
}
