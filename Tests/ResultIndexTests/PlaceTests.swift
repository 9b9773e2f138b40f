import DialogueDomain
import Foundation
import TestFolders
import Testing

@testable import ResultIndex

/// An index outside its spool.
struct PlaceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func makeSpool(_ name: String) throws -> URL {
    let spool = folder.url.appendingPathComponent(name, isDirectory: true)
    try FileManager.default.createDirectory(at: spool, withIntermediateDirectories: true)
    return spool
  }

  private func beat(_ writer: IndexWriter, spool: URL) throws {
    let now = Date(timeIntervalSince1970: 0)
    try writer.recordHeartbeat(
      DaemonHeartbeat(
        processID: 1, host: "lab", started: now, beat: now, stopped: nil, modelName: "meld", modelDigest: "m",
        spool: spool.path, version: "0.1.0", activity: "idle", waiting: 0))
  }

  @Test func anIndexOfAnotherSpoolIsRefused() throws {
    let (first, second) = (try makeSpool("first"), try makeSpool("second"))
    let writer = try IndexWriter(folder.index)
    try writer.checkSpool(first)
    try beat(writer, spool: first)
    try writer.checkSpool(first)
    let error = #expect(throws: IndexError.self) { try writer.checkSpool(second) }
    #expect(error?.explanation.what == "the index belongs to another spool")
    #expect(error?.explanation.found == first.path && error?.explanation.expected == second.path)
    try writer.close()
  }

  @Test func aSpoolThatMovedKeepsItsIndex() throws {
    let first = try makeSpool("first")
    let writer = try IndexWriter(folder.index)
    try beat(writer, spool: first)
    let moved = folder.url.appendingPathComponent("moved", isDirectory: true)
    try FileManager.default.moveItem(at: first, to: moved)
    try writer.checkSpool(moved)
    // Under another name it is the same one.
    let link = folder.url.appendingPathComponent("first")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: moved)
    try writer.checkSpool(moved)
    try writer.close()
  }

  @Test func theIndexInACopyOfASpoolIsTheCopys() throws {
    let (original, copy) = (try makeSpool("original"), try makeSpool("copy"))
    let writer = try IndexWriter(copy.appendingPathComponent("index.sqlite"))
    try beat(writer, spool: original)
    try writer.checkSpool(copy)
    try writer.close()
  }

  @Test func aPlaceIsCheckedWithoutMakingAnything() throws {
    try IndexWriter.checkPlace(of: folder.index)
    let nowhere = folder.url.appendingPathComponent("nowhere/index.sqlite")
    let error = #expect(throws: IndexError.self) { try IndexWriter.checkPlace(of: nowhere) }
    #expect(error?.explanation.what == "the folder of the index does not exist")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func theErrorOfANetworkFilesystemNamesTheKey() {
    let error = IndexError.networkFilesystem(folder.index, type: "nfs4")
    #expect(error.explanation.remedy?.contains("Set index in ambd.toml (or AMBD_INDEX)") == true)
  }
}
