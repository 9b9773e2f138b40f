import Foundation
import ResultIndex
import Testing

/// Bundles that failed, as an operator deals with them.
struct AmbqMoveTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
    for folder in ["incoming", "failed", "hold", "deferred"] {
      try FileManager.default.createDirectory(
        at: spool.root.appendingPathComponent(folder), withIntermediateDirectories: true)
    }
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: spool.root.appendingPathComponent(folder).path).sorted()
  }

  private func put(_ name: String, in folder: String) throws {
    try Data("x".utf8).write(to: spool.root.appendingPathComponent(folder).appendingPathComponent(name))
  }

  @Test func retryPutsAFailedBundleBackIntoTheQueue() throws {
    try put("mendable.h5", in: "failed")
    try put("mendable.h5.error.json", in: "failed")
    let result = try ambq("retry", "mendable.h5")
    #expect(result.status == 0 && result.output == "mendable.h5: failed → incoming\n")
    #expect(try names("incoming").contains("mendable.h5") && !names("failed").contains { $0.hasPrefix("mendable") })
    let none = try ambq("retry", "mendable.h5")
    #expect(none.status == 1 && none.errors.contains("No bundle of that name lies in failed, deferred."))
  }

  @Test func dropSettlesTheFailure() throws {
    let before = try ambq("errors", "--format", "json").output
    let name = try #require(
      (try JSONSerialization.jsonObject(with: Data(before.utf8)) as? [[String: Any]])?.first?["bundle"] as? String)
    for folder in ["failed", "deferred"] {
      try? FileManager.default.removeItem(at: spool.root.appendingPathComponent("\(folder)/\(name)"))
    }
    try put(name, in: "failed")
    #expect(try ambq("drop", name).output == "\(name): failed → deleted\n")
    #expect(try !ambq("errors", "--format", "tsv").output.contains("\(name)\t"))
    #expect(try !names("failed").contains(name))
  }

  @Test func nobodyMovesEverythingByMistake() throws {
    for command in ["retry", "hold", "release", "drop"] {
      let result = try ambq(command)
      #expect(result.status == 64 && result.errors.contains("Give the names of bundles, or --all."))
    }
  }
}
