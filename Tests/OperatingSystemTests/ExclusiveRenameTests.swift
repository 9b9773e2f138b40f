import Foundation
import Testing

@testable import OperatingSystem

struct ExclusiveRenameTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("ambq-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func put(_ text: String, _ name: String) throws -> URL {
    let url = folder.appendingPathComponent(name, isDirectory: false)
    try Data(text.utf8).write(to: url)
    return url
  }

  private func text(_ url: URL) throws -> String {
    try String(contentsOf: url, encoding: .utf8)
  }

  @Test func aFreeNameIsTaken() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let target = folder.appendingPathComponent("b", isDirectory: false)
    try ExclusiveRename.move(try put("a", "a"), to: target)
    #expect(try text(target) == "a")
  }

  @Test func aTakenNameIsRefusedAndBothFilesStay() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = try put("a", "a")
    let target = try put("b", "b")
    let error = #expect(throws: StorageError.self) { try ExclusiveRename.move(source, to: target) }
    #expect(error?.code == EEXIST)
    #expect(try text(source) == "a")
    #expect(try text(target) == "b")
  }

  @Test func twoNamesAreSwapped() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try put("a", "a")
    let second = try put("b", "b")
    try ExclusiveRename.exchange(first, with: second)
    #expect(try text(first) == "b")
    #expect(try text(second) == "a")
  }

  @Test func aFilesDigestIsThatOfItsBytes() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let content = Data(repeating: 7, count: 1 << 20)
    let url = folder.appendingPathComponent("big", isDirectory: false)
    try content.write(to: url)
    #expect(try FileDigest.sha256(contentsOf: url) == FileDigest.sha256(content))
    #expect(throws: StorageError.self) {
      try FileDigest.sha256(contentsOf: folder.appendingPathComponent("none"))
    }
  }
}
