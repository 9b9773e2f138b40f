import Foundation
import TestFolders
import Testing

@testable import OperatingSystem

@Suite struct DurableFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
  }

  @Test func aFileIsReplacedAndNothingElseIsLeft() throws {
    let url = folder["labels.tsv"]
    try DurableFile.write(Data("old".utf8), to: url)
    try DurableFile.write(Data("new".utf8), to: url)
    #expect(try Data(contentsOf: url) == Data("new".utf8))
    #expect(try names() == ["labels.tsv"])
  }

  @Test func aFailureNamesTheFileAndLeavesNothing() throws {
    let url = folder["absent/labels.tsv"]
    let error = #expect(throws: StorageError.self) { try DurableFile.write(Data("x".utf8), to: url) }
    #expect(error?.code == ENOENT)
    #expect(error?.description.contains("absent") == true)
    #expect(try names() == [])
  }

  @Test func aFullDiskSaysWhatToDo() {
    let error = StorageError("writing", folder.url, code: ENOSPC)
    #expect(error.description.contains("Free some space"))
    #expect(error.explanation.kind == .io)
  }

  @Test func digestsAreThoseOfSHA256() throws {
    #expect(
      FileDigest.sha256(Data("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let url = folder["abc"]
    try Data("abc".utf8).write(to: url)
    #expect(FileDigest.sha256(try MappedFile(url)) == FileDigest.sha256(Data("abc".utf8)))
    try Data().write(to: url)
    #expect(try MappedFile(url).count == 0)
  }
}
