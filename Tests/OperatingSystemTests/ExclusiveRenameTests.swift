import Foundation
import TestFolders
import Testing

@testable import OperatingSystem

struct ExclusiveRenameTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func text(_ url: URL) throws -> String {
    try String(contentsOf: url, encoding: .utf8)
  }

  @Test func aFreeNameIsTaken() throws {
    let target = folder["b"]
    try ExclusiveRename.move(try folder.write("a", to: "a"), to: target)
    #expect(try text(target) == "a")
  }

  @Test func aTakenNameIsRefusedAndBothFilesStay() throws {
    let source = try folder.write("a", to: "a")
    let target = try folder.write("b", to: "b")
    let error = #expect(throws: StorageError.self) { try ExclusiveRename.move(source, to: target) }
    #expect(error?.code == EEXIST)
    #expect(try text(source) == "a")
    #expect(try text(target) == "b")
  }

  @Test func twoNamesAreSwapped() throws {
    let first = try folder.write("a", to: "a")
    let second = try folder.write("b", to: "b")
    try ExclusiveRename.exchange(first, with: second)
    #expect(try text(first) == "b")
    #expect(try text(second) == "a")
  }

  @Test func aFilesDigestIsThatOfItsBytes() throws {
    let content = Data(repeating: 7, count: 1 << 20)
    let url = folder["big"]
    try content.write(to: url)
    #expect(try FileDigest.sha256(contentsOf: url) == FileDigest.sha256(content))
    #expect(throws: StorageError.self) {
      try FileDigest.sha256(contentsOf: folder["none"])
    }
  }
}
