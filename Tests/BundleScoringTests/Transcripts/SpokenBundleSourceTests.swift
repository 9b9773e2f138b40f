import AMBDSGDN
import DialogueBundles
import DialogueDomain
import Foundation
import OperatingSystem
import Tensors
import TestFolders
import Testing

@testable import BundleScoring
@testable import TextEncoder

/// Transcripts on their way to features.
struct SpokenBundleSourceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func aTranscriptGetsTheFeaturesOfItsWordsAndTimes() throws {
    let file = try folder.write(
      "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>a b\n\n00:03.000 --> 00:04.000\n<v Ben>[door]\n", to: "talk.vtt")
    let reading = try SpokenBundleSource(BundleReader(), encoder: LazyEncoder(try tinyEncoder()), threads: 1).read(file)
    #expect(reading.bundle.extractors == [.text: "tiny/8", .audio: "turn-timing/8"])
    #expect(reading.bundle.features[.text]?.missing == [false, true])
    #expect(reading.bundle.utterances.map(\.speaker) == ["Anna", "Ben"])
    #expect(reading.bundle.utterances[0].text == "a b" && reading.notes.isEmpty)
  }

  /// A transcript that comes one dialogue after the other.
  private struct PartedSource: BundleSource {
    let reading: BundleReading
    let parts: [Range<Int>]

    func read(_ url: URL) throws -> BundleReading { reading }

    func open(_ url: URL) throws -> OpenedBundle {
      let outline = BundleOutline(reading.bundle)
      return OpenedBundle(
        outline, digest: reading.digest, byteCount: reading.byteCount, transcript: reading.transcript,
        notes: reading.notes, parts: parts
      ) { OpenedBundle.Part(outline.part($0, features: [:])) }
    }
  }

  @Test func aTranscriptThatComesInPartsGetsTheFeaturesThatItGetsWhole() throws {
    // The second dialogue has no words, the third no times and letters that the encoder does not know.
    let file = try folder.write(
      "dialogue,speaker,text,start,end\nx,Ann,a b,0,1\nx,Ben,b,2,3\ny,Ann,,0,1\nz,Ann,q w,,\n", to: "talks.csv")
    let reading = try BundleReader().read(file)
    #expect(reading.bundle.dialogues.count == 3)
    let encoder = LazyEncoder(try tinyEncoder())
    let whole = try SpokenBundleSource(BundleReader(), encoder: encoder, threads: 1).read(file)
    let parted = SpokenBundleSource(
      PartedSource(reading: reading, parts: [0..<1, 1..<2, 2..<3]), encoder: encoder, threads: 1)
    let opened = try parted.open(file)
    #expect(opened.outline.features[.text]?.missing == [false, false, true, false])
    #expect(opened.outline.features[.audio]?.missing == [false, false, false, true])
    let joined = try opened.whole()
    #expect(joined.bundle.features == whole.bundle.features && joined.bundle.extractors == whole.bundle.extractors)
    #expect(joined.unknownWords == whole.unknownWords && joined.notes == whole.notes)
    #expect(joined.notes.last?.hasPrefix("The text encoder does not know") == true)
    // Each part has every modality that the bundle has.
    let again = try parted.open(file)
    while let part = try again.next() { #expect(Set(part.features.keys) == [.text, .audio]) }
  }

  @Test func aLanguageThatTheEncoderDoesNotKnowIsSaid() throws {
    let file = try folder.write("Anna: ሰላም እንደምን አለህ\n", to: "talk.txt")
    let reading = try SpokenBundleSource(BundleReader(), encoder: LazyEncoder(try tinyEncoder()), threads: 1).read(file)
    #expect(reading.notes.last?.hasPrefix("The text encoder does not know 100 %") == true)
  }

  @Test func withoutAnEncoderATranscriptIsTransientTroubleAndABundleNone() throws {
    let source = SpokenBundleSource(BundleReader(), encoder: LazyEncoder(folder: folder.url), threads: 1)
    let talk = try folder.write("Anna: Where is it?\n", to: "talk.txt")
    let error = try #require(throws: EncoderUnavailable.self) { try source.read(talk) }
    #expect(error.isTransient && error.explanation.what == "no config.json in the encoder's folder")
    let bundle = FeatureBundle(
      dialogues: [Dialogue(id: "d", rows: 0..<1)], utterances: [Utterance(id: "u", speaker: "s", text: "Hello!\n\"")],
      features: [.text: FeatureTable(width: 1, values: [1], missing: [false])])
    let packed = folder.url.appendingPathComponent("b.h5")
    try BundleWriter().write(bundle, to: packed)
    // Words that a bundle holds come back as they are.
    #expect(try source.read(packed).bundle.utterances == bundle.utterances)
  }

  @Test func aModelsOwnEncoderReadsTranscriptsAndTheWordsOfBundles() throws {
    let base = try writtenEncoder()
    let model = folder.url.appendingPathComponent("model")
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    let adapters = ParameterSet(layouts: base.network.configuration.adapterTensors(rank: 2)) { layout in
      CounterBasedRandom.standardNormal(CounterBasedRandom.key(named: layout.name), count: layout.count)
    }
    let tuned = TunedEncoder(of: base, parameters: adapters, contextTurns: 0)
    try tuned.write(to: model)
    let encoder = folder.url.appendingPathComponent("tiny")
    let plain = SpokenBundleSource(BundleReader(), encoder: LazyEncoder(folder: encoder), threads: 1)
    let own = SpokenBundleSource(BundleReader(), encoder: LazyEncoder(folder: encoder, model: model), threads: 1)
    let talk = try folder.write("Anna: a b\nBen: b\n", to: "talk.txt")
    let expected = try own.read(talk).bundle
    #expect(expected.extractors[.text] == tuned.extractor)
    // The same where it lies with the directory's model for words.
    let directory = folder.url.appendingPathComponent("directory")
    let words = directory.appendingPathComponent("words")
    try FileManager.default.createDirectory(at: words, withIntermediateDirectories: true)
    try tuned.write(to: words)
    let nested = SpokenBundleSource(BundleReader(), encoder: LazyEncoder(folder: encoder, model: directory), threads: 1)
    let spoken = try nested.read(talk).bundle
    #expect(spoken.extractors == expected.extractors && spoken.features == expected.features)
    // Packed with the published encoder, the words are read again by the model's own.
    let packed = folder.url.appendingPathComponent("talk.h5")
    let bundle = try plain.read(talk).bundle
    #expect(bundle.extractors[.text] == "tiny/8" && bundle.features[.text] != expected.features[.text])
    try BundleWriter().write(bundle, to: packed)
    let reading = try own.read(packed)
    #expect(reading.bundle.features[.text] == expected.features[.text])
    #expect(reading.bundle.extractors[.text] == tuned.extractor)
    #expect(reading.notes.last?.contains("made anew from the words") == true)
    #expect(try plain.read(packed).bundle.features[.text] == bundle.features[.text])
    // Features of another program stay, words or not.
    var foreign = bundle
    foreign.extractors[.text] = "other/8"
    let kept = folder.url.appendingPathComponent("foreign.h5")
    try BundleWriter().write(foreign, to: kept)
    #expect(try own.read(kept).bundle.features[.text] == bundle.features[.text])
  }

  /// The tiny encoder as files, under the name of its folder.
  private func writtenEncoder() throws -> TextEncoder {
    let tiny = try tinyEncoder().network
    let json: [String: Any] = [
      "model_type": "bert", "vocab_size": 6, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
      "intermediate_size": 12, "max_position_embeddings": 16, "hidden_act": "gelu",
    ]
    try folder.write(JSONSerialization.data(withJSONObject: json), to: "tiny/config.json")
    try folder.write(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b"].joined(separator: "\n"), to: "tiny/vocab.txt")
    try SafetensorsWriter.write(
      tiny.parameters.tensors, to: folder.url.appendingPathComponent("tiny/model.safetensors"))
    return try TextEncoder(directory: EncoderDirectory(folder.url.appendingPathComponent("tiny")))
  }

  /// An encoder that knows two letters.
  private func tinyEncoder() throws -> TextEncoder {
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b"]
    let configuration = EncoderConfiguration(
      vocabulary: pieces.count, hidden: 8, layers: 1, heads: 2, intermediate: 12, positions: 16)
    let parameters = ParameterSet(layouts: configuration.tensors) { layout in
      CounterBasedRandom.standardNormal(CounterBasedRandom.key(named: layout.name), count: layout.count)
    }
    return TextEncoder(
      network: BertEncoder(configuration, parameters),
      tokenizer: WordPieceTokenizer(try Vocabulary(pieces: pieces), isUncased: true, longest: 16), name: "tiny")
  }
}
