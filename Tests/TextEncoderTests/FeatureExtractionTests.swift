import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors
import Testing

@testable import TextEncoder

/// What becomes of a dialogue's rows: which modalities they have, and how words are cleaned on the way.
@Suite struct FeatureExtractionTests {
  private let encoder: TextEncoder

  init() throws {
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "'", ".", "\"", "-", "’"]
    let configuration = EncoderConfiguration(
      vocabulary: pieces.count, hidden: 8, layers: 1, heads: 2, intermediate: 12, positions: 16)
    let parameters = ParameterSet(layouts: configuration.tensors) { layout in
      CounterBasedRandom.standardNormal(CounterBasedRandom.key(named: layout.name), count: layout.count)
    }
    encoder = TextEncoder(
      network: BertEncoder(configuration, parameters),
      tokenizer: WordPieceTokenizer(try Vocabulary(pieces: pieces), isUncased: true, longest: 16), name: "tiny")
  }

  private func features(_ texts: [String?], _ times: [(Double?, Double?)]) throws -> FeatureExtraction.Features {
    let utterances = zip(times, texts).enumerated().map { row, said in
      Utterance(id: "d#\(row)", speaker: "A", start: said.0.0, end: said.0.1, text: said.1)
    }
    return try FeatureExtraction(encoder).features(
      of: FeatureBundle(dialogues: [Dialogue(id: "d", rows: 0..<texts.count)], utterances: utterances, features: [:]))
  }

  @Test func aBundleHasBothModalitiesUnderTheirExtractors() throws {
    let bundle = try features(["a b", "b"], [(0, 1), (1, 2)]).bundle
    #expect(bundle.extractors == [.text: "tiny/8", .audio: "turn-timing/8"])
    #expect(bundle.features[.text]?.values == (try encoder.encode(["a b", "b"])).values)
    #expect(bundle.features[.audio]?.missing == [false, false])
  }

  @Test func aRowWithoutWordsLacksTheText() throws {
    let bundle = try features(["a", nil, "  "], [(0, 1), (1, 2), (2, 3)]).bundle
    #expect(bundle.features[.text]?.missing == [false, true, true])
    #expect(bundle.features[.audio]?.missing == [false, false, false])
  }

  @Test func aModalityThatNoRowHasIsLeftOut() throws {
    let bundle = try features(["a", "b"], [(nil, nil), (nil, nil)]).bundle
    #expect(bundle.features[.audio] == nil)
    #expect(bundle.extractors == [.text: "tiny/8"])
  }

  @Test func wordsAreCleanedBeforeTheyAreEncodedAndCounted() throws {
    let plain = try features(["a 'a' - b... \"b\""], [(0, 1)]).bundle
    let typeset = try features([" a\u{A0}‘a’  – b… “b”\n"], [(0, 1)]).bundle
    #expect(plain.features == typeset.features)
  }

  @Test func encodingATextAsGivenCleansNothing() throws {
    #expect(try encoder.encode(["a ’"]).values != encoder.encode(["a '"]).values)
  }

  @Test func piecesThatTheVocabularyLacksAreCounted() throws {
    let counted = try features(["a zz b", "zz", nil], [(0, 1), (1, 2), (2, 3)])
    #expect((counted.pieces, counted.unknownPieces) == (4, 2))
    #expect(counted.unknownShare == 0.5)
    #expect(try features([nil], [(0, 1)]).unknownShare == 0)
  }

  @Test func aTextsEmbeddingIsItsOwnToTheLastBit() throws {
    let texts = (1...40).map { String(repeating: $0 % 3 == 0 ? "a b " : "b ", count: $0 % 7 + 1) }
    let together = try encoder.encode(texts, threads: 2)
    for (row, text) in texts.enumerated() { #expect(try encoder.encode([text]).values == together.row(row)) }
    #expect(try encoder.encode([String]()).rows == 0)
  }

  @Test func everySequenceIsInOneBatchAndBatchesKeepToTheirLimit() {
    let lengths = [3, 300, 100, 100, 64, 1, 2, 256, 8, 9]
    let batches = TextEncoder.batches(lengths)
    #expect(batches == [0..<1, 1..<2, 2..<5, 5..<8, 8..<10])
    #expect(TextEncoder.batches([]).isEmpty)
  }

  @Test func embeddingsHaveUnitNorm() throws {
    let row = try encoder.encode(["a b a"]).row(0)
    #expect(abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
  }
}

/// The cleaning, character by character.
@Suite struct TextCleaningTests {
  @Test(arguments: [
    ("it’s ‘so’", "it's 'so'"), ("“Oh” „no‟", "\"Oh\" \"no\""), ("a—b – c−d", "a-b - c-d"), ("well…", "well..."),
    ("\u{FEFF}a", "\u{FEFF}a"), (" a\u{A0}\u{202F}b \t\r\n c ", "a b c"), ("café ñ 你好", "café ñ 你好"), (" \n", ""),
  ])
  func charactersBecomeASCIIAndBlanksAreJoined(_ text: String, _ cleaned: String) {
    #expect(TextCleaning.cleaned(text) == cleaned)
  }

  @Test func wordsAreWhatBlanksSeparate() {
    #expect(TextCleaning.wordCount("I’m — really —\u{A0}sure!") == 5)
    #expect(TextCleaning.wordCount("") == 0)
  }
}
