import Foundation
import TestFolders
import Testing

@testable import FeatureImport

/// A checkpoint that is spread over several files.
@Suite struct CheckpointShardsTests {
  @Test func anyShardAndTheIndexFindAllOthers() throws {
    let folder = try TemporaryFolder()
    let names = (1...3).map { "model-0000\($0)-of-00003.safetensors" }
    for name in names { try folder.write([0], to: name) }
    #expect(try CheckpointShards(folder[names[1]]).files.map(\.lastPathComponent) == names)
    let index =
      #"{"metadata": {}, "weight_map": {"a": "model-00002-of-00003.safetensors", "b": "model-00001-of-00003.safetensors"}}"#
    let url = try folder.write([UInt8](index.utf8), to: "model.safetensors.index.json")
    #expect(try CheckpointShards(url).files.map(\.lastPathComponent) == Array(names.prefix(2)))
  }

  @Test func aMissingShardIsNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write([0], to: "pytorch_model-00001-of-00002.bin")
    let error = #expect(throws: FeatureImportError.self) {
      try CheckpointShards(folder["pytorch_model-00001-of-00002.bin"])
    }
    #expect(try #require(error).description.contains("found 1 of 2 files, not pytorch_model-00002-of-00002.bin"))
  }

  @Test func oneFileIsOneShard() throws {
    let url = URL(fileURLWithPath: "/models/one.pt")
    #expect(try CheckpointShards(url).files == [url])
    let folder = try TemporaryFolder()
    let index = try folder.write([UInt8](#"{"weight_map": {"a": "../elsewhere.bin"}}"#.utf8), to: "x.index.json")
    #expect(throws: FeatureImportError.self) { try CheckpointShards(index) }
  }
}
