import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors
import TestFolders
import Testing

@testable import TextEncoder

/// Adapters, and what tuning leaves in a model's folder.
@Suite struct EncoderTuningFilesTests {
  private let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", ":"]
  private let base: TextEncoder
  private var configuration: EncoderConfiguration { base.network.configuration }

  init() throws {
    base = try Self.encoder(pieces)
  }

  private static func encoder(_ pieces: [String], salt: UInt64 = 0) throws -> TextEncoder {
    let configuration = EncoderConfiguration(
      vocabulary: pieces.count, hidden: 8, layers: 2, heads: 2, intermediate: 12, positions: 128)
    let parameters = ParameterSet(layouts: configuration.tensors) { layout in
      CounterBasedRandom.standardNormal(
        CounterBasedRandom.key(salt, CounterBasedRandom.key(named: layout.name)), count: layout.count
      ).map { $0 / 2 }
    }
    return TextEncoder(
      network: BertEncoder(configuration, parameters),
      tokenizer: WordPieceTokenizer(try Vocabulary(pieces: pieces), isUncased: true, longest: 128),
      extractor: "tiny/8", digest: "digest \(salt)", contextTurns: 0)
  }

  private func adapters(isTrained: Bool) -> ParameterSet {
    ParameterSet(layouts: configuration.adapterTensors(rank: 2)) { layout in
      let key = CounterBasedRandom.key(7, CounterBasedRandom.key(named: layout.name))
      let values = CounterBasedRandom.standardNormal(key, count: layout.count).map { $0 / 4 }
      return isTrained || layout.name.hasSuffix("down") ? values : values.map { _ in 0 }
    }
  }

  @Test func adaptersThatLearntNothingChangeNothing() throws {
    let adapted = BertEncoder(configuration, base.network.parameters.joined(adapters(isTrained: false)))
    let batch = TokenBatch([base.tokenizer.sequence("a b a")])
    #expect(
      adapted.embeddings(batch, Computation()).value.values
        == base.network.embeddings(batch, Computation()).value.values)
  }

  @Test func workedIntoTheWeightsTheyGiveTheSame() throws {
    let adapted = BertEncoder(configuration, base.network.parameters.joined(adapters(isTrained: true)))
    let merged = base.tuned(TunedEncoder(of: base, parameters: adapters(isTrained: true), contextTurns: 0))
    let batch = TokenBatch([base.tokenizer.sequence("a b a"), base.tokenizer.sequence("b")])
    let apart = adapted.embeddings(batch, Computation()).value.values
    let together = merged.network.embeddings(batch, Computation()).value.values
    #expect(apart != base.network.embeddings(batch, Computation()).value.values)
    for (one, other) in zip(apart, together) { #expect(abs(one - other) < 1e-5) }
  }

  @Test func gradientsOfAdaptersAreThoseOfTheLoss() throws {
    let parameters = adapters(isTrained: true)
    let network = BertEncoder(configuration, base.network.parameters.joined(parameters))
    let batch = TokenBatch([base.tokenizer.sequence("a b a")])
    let weights = Matrix(rows: 1, columns: 8, (0..<8).map { Float($0) - 3.5 })
    func loss() -> Double {
      let value = network.embeddings(batch, Computation()).value
      return zip(value.values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let tape = GradientTape(training: parameters.all)
    tape.backward(from: [(network.embeddings(batch, Computation(tape: tape)), weights)])
    let names = ["encoder.layer.0.attention.self.query.lora_down", "encoder.layer.1.output.dense.lora_up"]
    for name in names {
      let parameter = parameters[name]
      let gradient = try #require(tape.gradient(of: parameter))
      let original = parameter.value.copy()
      for place in [0, 3] {
        func shifted(_ step: Float) -> Double {
          var values = original.values
          values[place] += step
          parameter.value.assign(Matrix(rows: original.rows, columns: original.columns, values))
          defer { parameter.value.assign(original) }
          return loss()
        }
        let slope = (shifted(0.01) - shifted(-0.01)) / 0.02
        #expect(abs(slope - Double(gradient.values[place])) < 2e-3 * max(1, abs(slope)), "\(name) \(place)")
      }
    }
    // What is not trained has no gradient.
    #expect(tape.gradient(of: base.network.parameters["encoder.layer.0.output.dense.weight"]) == nil)
  }

  @Test func whatIsWrittenIsReadBackAndNamedAfterItsContent() throws {
    let folder = try TemporaryFolder()
    let tuned = TunedEncoder(of: base, parameters: adapters(isTrained: true), contextTurns: 2)
    try tuned.write(to: folder.url)
    #expect(TunedEncoder.isIn(folder.url))
    let read = try TunedEncoder(from: folder.url, for: base)
    #expect(read.extractor == tuned.extractor && read.contextTurns == 2)
    #expect(read.extractor.hasPrefix("tiny+") && read.extractor.hasSuffix("/8"))
    #expect(base.tuned(read).untunedExtractor == "tiny/8" && base.untunedExtractor == "tiny/8")
    #expect(read.parameters.all.map(\.value.values) == tuned.parameters.all.map(\.value.values))
    let other = TunedEncoder(of: base, parameters: adapters(isTrained: false), contextTurns: 2)
    #expect(other.extractor != tuned.extractor)
    TunedEncoder.remove(from: folder.url)
    #expect(!TunedEncoder.isIn(folder.url))
  }

  @Test func wholeLayersTakeThePlaceOfTheEncodersOwn() throws {
    let folder = try TemporaryFolder()
    let other = try Self.encoder(pieces, salt: 1)
    let layers = other.network.parameters.subset { $0.hasPrefix("encoder.") }
    try TunedEncoder(of: base, parameters: layers, contextTurns: 0).write(to: folder.url)
    let tuned = base.tuned(try TunedEncoder(from: folder.url, for: base))
    for layout in configuration.tensors {
      let source = layout.name.hasPrefix("encoder.") ? other : base
      #expect(
        tuned.network.parameters[layout.name].value.values == source.network.parameters[layout.name].value.values,
        "\(layout.name)")
    }
  }

  @Test func anotherEncodersTuningIsRefused() throws {
    let folder = try TemporaryFolder()
    try TunedEncoder(of: base, parameters: adapters(isTrained: true), contextTurns: 0).write(to: folder.url)
    let error = try #require(throws: EncoderError.self) {
      _ = try TunedEncoder(from: folder.url, for: Self.encoder(pieces, salt: 1))
    }
    #expect(error.description.contains("was tuned from another one than is installed"))
    try Data("{}".utf8).write(to: folder["encoder.json"])
    #expect(throws: EncoderError.self) { _ = try TunedEncoder(from: folder.url, for: base) }
  }

  @Test func precedingTurnsAreReadAndNotPooled() throws {
    let texts: [String?] = ["a", nil, "b b", "a"]
    let bundle = FeatureBundle(
      dialogues: [Dialogue(id: "d", rows: 0..<4)],
      utterances: texts.enumerated().map { Utterance(id: "\($0)", speaker: $0 % 2 == 0 ? "a" : "b", text: $1) },
      features: [:])
    let found = base.tokenizer.sequences(of: bundle, contextTurns: 2)
    #expect(found[1] == nil)
    // [CLS] b : … is not there: the turn before has no words, the one before that is a: a.
    #expect(found[2] == base.tokenizer.sequence(context: "a: a", text: "b b", limit: 96))
    #expect(found[3] == base.tokenizer.sequence(context: "a: b b", text: "a", limit: 96))
    #expect(found[0]?.pooled.count == 2)
    // Where there is no room, the earliest turns go whole.
    var long = bundle
    long.utterances[2].text = Array(repeating: "b", count: 80).joined(separator: " ")
    let last = try #require(base.tokenizer.sequences(of: long, contextTurns: 3)[3])
    // [CLS], "a: a", "a:" and 80 words, [SEP], "a", [SEP].
    #expect(last.ids.count == 1 + 3 + 82 + 1 + 2)
    long.utterances[2].text = Array(repeating: "b", count: 95).joined(separator: " ")
    #expect(base.tokenizer.sequences(of: long, contextTurns: 3)[3] == base.tokenizer.sequence(context: "", text: "a"))
  }
}
