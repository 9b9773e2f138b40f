import Testing

@testable import TextEncoder

/// Text to pieces, by the rules of the published uncased tokenizer.
@Suite struct WordPieceTokenizerTests {
  private static let pieces = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "play", "##ing", "##er", "##s", "i", "'", "m", "cafe", "!", "$", "5",
    "你", "好", "a", "##a", "strasse", "straße", "ᄀ", "##ᅡ", "가",
  ]

  private func tokenizer(uncased: Bool = true, longest: Int = 16) throws -> WordPieceTokenizer {
    WordPieceTokenizer(try Vocabulary(pieces: Self.pieces), isUncased: uncased, longest: longest)
  }

  private func spelled(_ text: String, uncased: Bool = true) throws -> [String] {
    try tokenizer(uncased: uncased).pieces(text).map { Self.pieces[$0] }
  }

  @Test func wordsAreCutGreedilyIntoTheLongestPieces() throws {
    #expect(try spelled("playing players") == ["play", "##ing", "play", "##er", "##s"])
    #expect(try spelled("playful") == ["[UNK]"])
  }

  @Test func punctuationAndSymbolsAreWords() throws {
    #expect(try spelled("I'm!$5") == ["i", "'", "m", "!", "$", "5"])
  }

  @Test func accentsAndCapitalsGoInAnUncasedModelOnly() throws {
    #expect(try spelled("CAFÉ Straße") == ["cafe", "straße"])
    #expect(try spelled("CAFÉ", uncased: false) == ["[UNK]"])
  }

  @Test func eachIdeographIsAWord() throws {
    #expect(try spelled("你好") == ["你", "好"])
  }

  @Test func aLetterAndItsDecompositionAreDifferentPieces() throws {
    #expect(try spelled("가") == ["ᄀ", "##ᅡ"])
    #expect(try spelled("가", uncased: false) == ["가"])
  }

  @Test func controlAndFormatCharactersVanishAndBlanksSeparate() throws {
    #expect(try spelled("pl\u{0}ay\u{200B}i\u{AD}ng") == ["play", "##ing"])
    #expect(try spelled("play\u{A0}i\tm\u{2028}a\n") == ["play", "i", "m", "a"])
    #expect(try spelled("pl\u{85}ay\u{FFFD}") == ["play"])
  }

  @Test func aWordOfMoreThanAHundredLettersIsUnknown() throws {
    #expect(try spelled(String(repeating: "a", count: 100)).count == 100)
    #expect(try spelled(String(repeating: "a", count: 101)) == ["[UNK]"])
  }

  @Test func specialPiecesInTheTextAreThosePieces() throws {
    #expect(
      try spelled("play [SEP]i[[MASK]m [sep]") == [
        "play", "[SEP]", "i", "[UNK]", "[MASK]", "m", "[UNK]", "[UNK]", "[UNK]",
      ])
  }

  @Test func aLongTextLosesItsEnd() throws {
    let sequence = try tokenizer(longest: 5).sequence("a a a a a a a")
    #expect(sequence.ids == [2, 18, 18, 18, 3])
    #expect(sequence.pooled == 0..<5)
  }

  @Test func aPairLosesTheContextsEndFirst() throws {
    let tokenizer = try tokenizer()
    let pair = tokenizer.sequence(context: "i play", text: "m a a", limit: 7)
    #expect(pair.ids == [2, 9, 3, 11, 18, 18, 3])
    #expect(pair.types == [0, 0, 0, 1, 1, 1, 1])
    #expect(pair.pooled == 3..<7)
    let cut = tokenizer.sequence(context: "i", text: "m a a a", limit: 5)
    #expect(cut.ids == [2, 3, 11, 18, 3])
    #expect(tokenizer.sequence(context: "", text: "", limit: 3).ids == [2, 3, 3])
  }

  @Test func aVocabularyWithoutItsSpecialPiecesIsRefused() {
    #expect(throws: EncoderError.self) { try Vocabulary(pieces: ["a", "b", "[CLS]"]) }
  }
}
