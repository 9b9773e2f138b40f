import Foundation
import ResultIndex
import Testing

/// How `ambq` shows what the probes found.
struct AmbqStabilityTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path, "COLUMNS": "120"])
  }

  private func json(_ arguments: String...) throws -> Any {
    let output = try ambq.shell("\"$AMBQ\" \(arguments.joined(separator: " ")) --format json").output
    return try JSONSerialization.jsonObject(with: Data(output.utf8))
  }

  private func stabilities(_ arguments: String) throws -> [Double?] {
    try #require(try json("list", arguments) as? [[String: Any]]).map { $0["stability"] as? Double }
  }

  @Test func unstableLabelsAreThoseThatLessThanHalfOfTheRunsKeep() throws {
    try spool.probe()
    // Three times 0.1 to 1.0, in bundle order.
    #expect(
      try stabilities("--unstable").compactMap { $0 } == [0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4])
    #expect(try stabilities("--unstable --sort stability --limit 4") == [0.1, 0.1, 0.1, 0.2])
    #expect(try stabilities("--max-stability 0.1").count == 3)
    #expect(
      try stabilities("--sort -stability --limit 31") == (1...10).reversed().flatMap {
        [Double](repeating: Double($0) / 10, count: 3)
      } + [nil])
    #expect(try ambq("list", "--unstable", "--count").output == "12\n")
    #expect(try ambq("list", "--max-stability", "2").status == 64)
  }

  @Test func nothingUnstableIsExplained() throws {
    let early = try ambq("list", "--unstable")
    #expect(early.status == 1 && early.errors == "ambq: nothing found: no bundle has been probed yet\n")
    try spool.probe()
    let none = try ambq("list", "--unstable", "--bundle", "saturday.h5")
    #expect(none.errors == "ambq: nothing found: without any one of --bundle, --unstable there would be some\n")
  }

  @Test func tablesShowStabilityOnlyWhereThereIsSome() throws {
    let before = try ambq("list", "--format", "table").output + ambq("show", "dev-0").output
    #expect(!before.contains("STABLE") && !before.contains("stability"))
    try spool.probe()
    let list = try ambq("list", "--dialogue", "dev-0", "--format", "table").lines
    #expect(list[0].contains("STABLE") && list[1].contains(" 0.10 "))
    let show = try ambq("show", "dev-0").lines
    // (0.1 + … + 0.7) / 7
    #expect(show[1].hasSuffix("mean stability 0.40"))
    #expect(show[4].contains("STABLE") && show[7].contains("  0.30  "))
    #expect(try !ambq("show", "dev-3").output.contains("STABLE"))
  }

  @Test func bundlesTellHowFarTheirProbesAre() throws {
    try spool.probe()
    let bundles = try #require(try json("bundles") as? [[String: Any]])
    #expect(bundles.map { $0["probe"] as? String } == ["done", "skipped", "pending", nil, nil])
    #expect(bundles[1]["probe_reason"] as? String == "done/friday.h5: the bundle is gone")
    #expect(try ambq("bundles", "--format", "table").lines[2].contains("skipped"))
  }

  @Test func statsGiveTheMeanOverWhatWasProbed() throws {
    let before = try #require(try json("stats") as? [String: Any])
    #expect(before["mean_stability"] is NSNull && before["probed"] as? Int == 0)
    try spool.probe()
    let all = try #require(try json("stats") as? [String: Any])
    #expect(abs(try #require(all["mean_stability"] as? Double) - 0.55) < 1e-12 && all["probed"] as? Int == 30)
    #expect(try ambq("stats").output.contains("30 probed labels: mean stability 0.55"))
    // Dialogue dev-0 alone, by another way through the index: 0.1 to 0.7.
    let one = try #require(try json("stats", "--dialogue dev-0") as? [String: Any])
    #expect(abs(try #require(one["mean_stability"] as? Double) - 0.4) < 1e-12 && one["probed"] as? Int == 7)
  }

  @Test func statusTellsOfProbesAndOfWhatTheDaemonDoes() throws {
    try spool.probe()
    let writer = try IndexWriter(spool.index)
    try writer.recordHeartbeat(
      DaemonHeartbeat(
        processID: 1, host: DaemonHeartbeat.thisHost, started: Date(), beat: Date(), modelName: "m",
        modelDigest: "0123456789", spool: spool.root.path, version: "1", activity: "scoring friday.h5", waiting: 7))
    let status = try #require(try json("status") as? [String: Any])
    let index = try #require(status["index"] as? [String: Any])
    #expect(index["probes"] as? [String: Int] == ["done": 1, "pending": 1, "skipped": 1, "unasked": 0])
    let daemon = try #require(status["daemon"] as? [String: Any])
    #expect(daemon["activity"] as? String == "scoring friday.h5" && daemon["waiting"] as? Int == 7)
    let picture = try ambq("status").output
    #expect(picture.contains("Probes  1 done, 1 pending, 1 skipped"))
    // A daemon that is dead does nothing.
    #expect(!picture.contains("scoring friday.h5"))
  }
}
