import Foundation
import TestFolders
import Testing

@testable import OperatingSystem

/// What a user is told who may not read a spool.
///
/// Root may read everything, so the system's answer is put in.
@Suite struct AccessRefusalTests {
  private let folder: TemporaryFolder
  private let spool: URL

  init() throws {
    folder = try TemporaryFolder()
    spool = folder["spool"]
    try FileManager.default.createDirectory(
      at: spool, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
  }

  private func group(of url: URL) throws -> (name: String, number: gid_t) {
    let facts = try FileManager.default.attributesOfItem(atPath: url.path)
    return (
      try #require(facts[.groupOwnerAccountName] as? String),
      try #require(facts[.groupOwnerAccountID] as? NSNumber).uint32Value
    )
  }

  private func refusal(_ url: URL, shut: [URL], in groups: Set<gid_t> = [], next: Set<gid_t> = []) -> AccessRefusal? {
    let user = AccessRefusal.Reader(name: "alice", groups: groups, groupsAtNextLogin: next)
    return AccessRefusal(reading: url, by: user) { path, _ in
      !shut.contains { path == $0.path || path.hasPrefix($0.path + "/") }
    }
  }

  @Test func aFolderThatItsGroupMayEnterNamesTheGroup() throws {
    let group = try group(of: spool)
    let found = try #require(refusal(spool.appendingPathComponent("index.sqlite"), shut: [spool])).explanation
    #expect(found.what == "permission denied" && found.kind == .io)
    #expect(found.location == spool.path)
    #expect(found.remedy?.contains("Join the group \(group.name) ('sudo usermod -aG \(group.name) alice')") == true)
  }

  @Test func whoHasJoinedSinceLogsInAgain() throws {
    let number = try group(of: spool).number
    let found = refusal(spool.appendingPathComponent("index.sqlite"), shut: [spool], next: [number])
    #expect(found?.explanation.remedy?.contains("log in again") == true)
    #expect(found?.explanation.remedy?.contains("usermod") == false)
  }

  @Test func aGroupThatDoesNotHelpIsNotNamed() throws {
    let number = try group(of: spool).number
    let index = spool.appendingPathComponent("index.sqlite")
    #expect(refusal(index, shut: [spool], in: [number])?.explanation.remedy?.contains("Run this as") == true)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: spool.path)
    #expect(refusal(index, shut: [spool])?.explanation.remedy?.contains("Run this as") == true)
  }

  @Test func theFileItselfMayBeShut() throws {
    let index = spool.appendingPathComponent("index.sqlite")
    try Data().write(to: index)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: index.path)
    #expect(refusal(index, shut: [index])?.explanation.location == index.path)
    #expect(refusal(index, shut: [index])?.explanation.remedy?.contains("Join the group") == true)
  }

  @Test func whatIsMissingIsNotRefused() {
    #expect(AccessRefusal(reading: spool.appendingPathComponent("index.sqlite")) == nil)
    #expect(AccessRefusal(reading: folder["nowhere/index.sqlite"]) == nil)
    #expect(AccessRefusal(reading: spool) == nil)
  }
}
