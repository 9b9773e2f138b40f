import DialogueDomain
import Foundation
import OperatingSystem
import TestFolders
import Testing

@testable import Shards

struct ShardOutputsTests {
  private let folder: TemporaryFolder
  private let inputs: InputList
  private let outputs: ShardOutputs

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("input", to: "bundles/a.h5")
    try FileManager.default.createDirectory(at: folder["out"], withIntermediateDirectories: true)
    inputs = try InputList(folder["bundles"], shard: .whole)
    outputs = ShardOutputs(in: folder["out"], of: .whole)
  }

  private func place(
    _ rows: String, isComplete: Bool = true, bundles: Int = 1, replacing earlier: ShardRecord? = nil
  ) throws -> ShardRecord {
    try outputs.place(try folder.write(rows, to: "rows"), replacing: earlier) { name, digest, bytes in
      ShardRecord(
        .whole, isComplete: isComplete,
        terms: ShardRecord.Terms(program: "1", models: [], configuration: [:], time: nil), inputs: inputs,
        results: ShardRecord.Results(file: name, sha256: digest, bytes: bytes, bundles: bundles, utterances: 1),
        failed: [])
    }
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder["out"].path).sorted()
  }

  @Test func aRecordNamesRowsThatAreThere() throws {
    #expect(try outputs.earlier() == nil)
    let record = try place("rows")
    #expect(try outputs.earlier() == record)
    #expect(try String(contentsOf: outputs.url(of: record.results), encoding: .utf8) == "rows")
    #expect(try names() == ["shard-00000-of-00001.json", record.results.file].sorted())
  }

  @Test func theNextAttemptTakesThePlaceOfTheOneItBeganFrom() throws {
    let first = try place("some", isComplete: false)
    let second = try place("some more", replacing: first)
    #expect(try outputs.earlier() == second)
    #expect(try names() == ["shard-00000-of-00001.json", second.results.file].sorted())
  }

  @Test func anAttemptThatCameAsFarMeanwhileStands() throws {
    let done = try place("all")
    #expect(try place("some", isComplete: false) == done)
    #expect(try place("all, otherwise") == done)
    #expect(try outputs.earlier() == done && names().count == 2)
  }

  @Test func ofTwoUnfinishedAttemptsTheFurtherStands() throws {
    let further = try place("three", isComplete: false, bundles: 3)
    #expect(try place("two", isComplete: false, bundles: 2) == further)
    let furthest = try place("four", isComplete: false, bundles: 4)
    #expect(try outputs.earlier() == furthest)
  }

  @Test func whatIsNoRecordCountsAsNone() throws {
    try folder.write("{", to: "out/shard-00000-of-00001.json")
    #expect(try outputs.earlier() == nil)
    _ = try place("rows")
    #expect(try outputs.earlier() != nil)
  }
}

struct ScratchFolderTests {
  @Test func itGoesWithItsObjectAndTakesOnlyItsOwnKindAlong() throws {
    let place = try TemporaryFolder()
    let old = place["ambq-shard.abandoned"]
    try FileManager.default.createDirectory(at: old, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -600)], ofItemAtPath: old.path)
    try place.write("x", to: "other/file")
    var scratch: ScratchFolder? = try ScratchFolder(in: place.url)
    let url = try #require(scratch?.url)
    #expect(FileManager.default.fileExists(atPath: url.path))
    #expect(!FileManager.default.fileExists(atPath: old.path))
    scratch = nil
    #expect(!FileManager.default.fileExists(atPath: url.path))
    #expect(FileManager.default.fileExists(atPath: place["other/file"].path))
  }

  @Test func aFolderInUseIsLeftHoweverOldItIs() throws {
    let place = try TemporaryFolder()
    let used = try ScratchFolder(in: place.url)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -600)], ofItemAtPath: used.url.path)
    let other = try ScratchFolder(in: place.url)
    #expect(FileManager.default.fileExists(atPath: used.url.path) && used.url != other.url)
  }
}
