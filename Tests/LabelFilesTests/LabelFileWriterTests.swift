import DialogueDomain
import Foundation
import OperatingSystem
import TestFolders
import Testing

@testable import LabelFiles

struct LabelFileWriterTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func bundle(_ ids: [(dialogue: String, utterance: String)], emotion: String = "joy") -> ScoredBundle {
    let utterances = ids.enumerated().map { turn, id in
      ScoredUtterance(
        dialogue: id.dialogue, utterance: id.utterance, turn: turn, speaker: "A", emotion: emotion, confidence: 1,
        probabilities: [1], branchLogits: [:], shares: [.text: 1])
    }
    return ScoredBundle(
      name: "friday.h5", digest: "d", modelName: "m", modelDigest: "m", emotions: EmotionSet(["joy"]),
      utterances: utterances)
  }

  private func files() throws -> [String] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
    return try all.filter { path in
      let url = folder.url.appendingPathComponent(path)
      return try FileManager.default.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType != .typeDirectory
    }.sorted()
  }

  private func inode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: folder.url.appendingPathComponent(path).path)[.systemFileNumber]
      as? Int
  }

  @Test func troubleInLookingIsNotTakenForNoLabels() throws {
    let writer = LabelFileWriter(folder: folder.url, layout: .tsv)
    #expect(try writer.asWritten("friday.tsv")?.layout == nil)
    try folder.write("x", to: "friday.jsonl")
    #expect(try writer.asWritten("friday.jsonl")?.layout == .jsonl)
    // A name that no filesystem takes.
    #expect(throws: StorageError.self) { try writer.asWritten(String(repeating: "x", count: 300)) }
  }

  @Test func eachLayoutHasItsName() {
    let names = LabelLayout.allCases.map { LabelFileWriter(folder: folder.url, layout: $0).name(stem: "friday") }
    #expect(names == ["friday.tsv", "friday.jsonl", "friday"])
  }

  @Test(arguments: [LabelLayout.tsv, .jsonl])
  func oneFileHoldsTheBundle(layout: LabelLayout) throws {
    let writer = LabelFileWriter(folder: folder.url, layout: layout)
    let name = writer.name(stem: "friday")
    #expect(try !writer.exists(name))
    try writer.write(bundle([("d", "1"), ("d", "2")]), as: name)
    #expect(try writer.exists(name))
    #expect(try files() == [name])
    let lines = try String(contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8).split(separator: "\n")
    #expect(lines.count == (layout == .tsv ? 3 : 2))
  }

  @Test func equalContentIsNotWrittenAgain() throws {
    let writer = LabelFileWriter(folder: folder.url, layout: .tsv)
    try writer.write(bundle([("d", "1")]), as: "friday.tsv")
    let first = try inode("friday.tsv")
    try writer.write(bundle([("d", "1")]), as: "friday.tsv")
    #expect(try inode("friday.tsv") == first)
    try writer.write(bundle([("d", "1")], emotion: "anger"), as: "friday.tsv")
    #expect(try inode("friday.tsv") != first)
  }

  @Test func anUtteranceEachHasItsFile() throws {
    let writer = LabelFileWriter(folder: folder.url, layout: .utterance)
    try writer.write(bundle([("d1", "d1#0"), ("d1", "d1#1"), ("d2", "d2#0")]), as: "friday")
    #expect(try files() == ["friday/d1/d1#0.json", "friday/d1/d1#1.json", "friday/d2/d2#0.json"])
    // In place of the old folder, whole.
    try writer.write(bundle([("d3", "x")]), as: "friday")
    #expect(try files() == ["friday/d3/x.json"])
  }

  @Test(arguments: LabelLayout.allCases)
  func onlyTheVeryLabelsAreRemoved(layout: LabelLayout) throws {
    let writer = LabelFileWriter(folder: folder.url, layout: layout)
    let name = writer.name(stem: "friday")
    let (scored, fewer) = (bundle([("d", "1"), ("e", "2")]), bundle([("d", "1")]))
    try writer.write(scored, as: name)
    for others in [fewer, bundle([("d", "1"), ("e", "2")], emotion: "anger")] {
      #expect(try !writer.remove(name, ifTheyAre: others))
    }
    #expect(try writer.exists(name))
    #expect(try writer.remove(name, ifTheyAre: scored))
    #expect(try files().isEmpty && !writer.exists(name))
    #expect(try !writer.remove(name, ifTheyAre: scored))
  }

  @Test func identifiersCannotLeaveTheirFolder() throws {
    let writer = LabelFileWriter(folder: folder.url, layout: .utterance)
    let ids = [("..", "../../x"), (".", "a/b"), ("", ""), (".hidden", "a%2Fb"), ("d", "a\\b"), ("d", "nul\u{0}")]
    try writer.write(bundle(ids), as: "friday")
    #expect(
      try files() == [
        "friday/%/%.json", "friday/%2E./%2E.%2F..%2Fx.json", "friday/%2E/a%2Fb.json", "friday/%2Ehidden/a%252Fb.json",
        "friday/d/a%5Cb.json", "friday/d/nul%00.json",
      ])
  }

  @Test func longIdentifiersStayDistinct() {
    let long = String(repeating: "é", count: 300)
    let names = [SafeFileName.of(long + "1"), SafeFileName.of(long + "2")]
    #expect(Set(names).count == 2)
    #expect(names.allSatisfy { $0.utf8.count <= 180 })
  }

  /// The tests run as root, whom permissions do not stop: a file where the folder should be stops everyone.
  @Test(arguments: LabelLayout.allCases)
  func aFolderThatCannotBeWrittenIsAnErrorThatNamesIt(layout: LabelLayout) throws {
    let file = try folder.write("", to: "labels")
    let writer = LabelFileWriter(folder: file, layout: layout)
    let error = #expect(throws: StorageError.self) { try writer.write(bundle([("d", "1")]), as: "friday") }
    #expect(error?.explanation.location?.contains("labels/") == true)
    #expect(try files() == ["labels"])
  }
}
