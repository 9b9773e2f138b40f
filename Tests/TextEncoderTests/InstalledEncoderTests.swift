import DialogueBundles
import DialogueDomain
import Foundation
import Tensors
import Testing

@testable import TextEncoder

/// The real encoder against the published tokenizer and network; needs a copy (`AMBQ_ENCODER` or the cache).
@Suite(.enabled(if: InstalledEncoder.isPresent, "no encoder is installed: run etc/fetch-encoder.sh"))
struct InstalledEncoderTests {
  private let encoder: TextEncoder

  init() throws {
    encoder = try InstalledEncoder.encoder.get()
  }

  @Test func tokenIdsAreThePublishedOnes() throws {
    for golden in try GoldenEncodings.texts() {
      #expect(encoder.tokenizer.sequence(golden.text).ids == golden.ids, "\(golden.text)")
    }
  }

  @Test func tokenIdsOfPairsAreThePublishedOnes() throws {
    for golden in try GoldenEncodings.pairs() {
      let sequence = encoder.tokenizer.sequence(context: golden.context, text: golden.text, limit: 96)
      #expect(sequence.ids == golden.ids, "\(golden.text)")
      #expect(sequence.types == golden.types, "\(golden.text)")
    }
  }

  @Test func embeddingsAreThePublishedOnes() throws {
    let golden = try GoldenEncodings.texts()
    let expected = try #require(GoldenEncodings.tensors("minilm.safetensors").floats("embeddings"))
    let found = try encoder.encode(golden.map(\.text))
    for (row, text) in golden.enumerated() {
      let (left, right) = (found.row(row), expected[(row * 384)..<((row + 1) * 384)])
      #expect(zip(left, right).allSatisfy { abs($0 - $1) < 2e-5 }, "\(text.text)")
      #expect(cosine(left, Array(right)) >= 0.99999, "\(text.text)")
    }
  }

  @Test func aTextHasOneEmbeddingInAnyBatchOnAnyNumberOfThreads() throws {
    let texts = try GoldenEncodings.texts().map(\.text)
    let together = try encoder.encode(texts, threads: 1)
    #expect(try encoder.encode(texts, threads: 3).values == together.values)
    for row in texts.indices { #expect(try encoder.encode([texts[row]]).values == together.row(row), "\(texts[row])") }
    #expect(try encoder.encode(texts.reversed()).row(0) == together.row(texts.count - 1))
  }

  @Test func theEncoderIsKnownByItsWeights() {
    #expect(encoder.extractor == "all-MiniLM-L6-v2/384")
    #expect(encoder.digest.count == 64)
  }

  @Test func wordsOfAnUnknownScriptAreCounted() throws {
    let extraction = FeatureExtraction(encoder)
    func share(_ text: String) throws -> Double {
      try extraction.features(
        of: FeatureBundle(
          dialogues: [Dialogue(id: "d", rows: 0..<1)], utterances: [Utterance(id: "d#0", speaker: "A", text: text)],
          features: [:])
      ).unknownShare
    }
    #expect(try share("I have no idea.") == 0)
    #expect(try share("ሰላም እንደምን አለህ") == 1)
  }

  private func cosine(_ left: [Float], _ right: [Float]) -> Double {
    func dot(_ x: [Float], _ y: [Float]) -> Double { zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    return dot(left, right) / (dot(left, left) * dot(right, right)).squareRoot()
  }
}
