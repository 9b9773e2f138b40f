import Foundation
import Index
import Robustness
import Testing

@Suite struct AmbdTests {
  private let ambd = BuiltProgram("ambd")
  private let ambq = BuiltProgram("ambq")
  private let folder: TestFolder
  private var spool: String { folder["spool"].path }

  init() throws {
    folder = try TestFolder()
    try FileManager.default.createDirectory(at: folder["spool/incoming"], withIntermediateDirectories: true)
  }

  private func drop(_ source: URL, as name: String? = nil) throws {
    let target = folder["spool/incoming/\(name ?? source.lastPathComponent)"]
    try FileManager.default.copyItem(at: source, to: target)
  }

  private func once() throws -> BuiltProgram.Outcome {
    try ambd("--spool", spool, "--model", Shipped.model, "--once")
  }

  /// Dialogue, utterance and emotion of every row that ambq finds.
  private func rows() throws -> [String] {
    let outcome = try ambq("list", "--spool", spool, "--format", "jsonl")
    return try outcome.lines.map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      return ["bundle", "dialogue", "utterance", "emotion"].map { "\(object[$0] ?? "")" }.joined(separator: " ")
    }.sorted()
  }

  /// What the rows of the samples should be, from `ambtrain score`.
  private func expectedRows(_ samples: [URL]) throws -> [String] {
    try samples.flatMap { sample in
      try BuiltProgram("ambtrain")("score", "--model", Shipped.model, sample.path).lines.dropFirst().map { line in
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        return "\(sample.lastPathComponent) \(fields[0]) \(fields[1]) \(fields[5])"
      }
    }.sorted()
  }

  private func fields(_ table: String) -> [[Substring]] {
    table.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
  }

  private static let stability = 11

  private static func withoutStability(_ fields: [Substring]) -> [Substring] {
    Array(fields[..<stability] + fields[(stability + 1)...])
  }

  @Test func everyLabelGetsAStabilityThatLabelFileAndIndexAgreeOn() throws {
    try drop(Shipped.samples[0])
    #expect(try once().status == 0)
    let rows = fields(try String(contentsOf: folder["spool/labels/monday.tsv"], encoding: .utf8)).dropFirst()
    let stabilities = rows.compactMap { Double($0[Self.stability]) }
    #expect(stabilities.count == rows.count && rows.count == 128)
    // Shares of 7 levels × 5 seeds, to the six decimals of a label file.
    #expect(stabilities.allSatisfy { abs(($0 * 35).rounded() / 35 - $0) < 1e-6 && (0...1).contains($0) })
    let listed = fields(try ambq("list", "--spool", spool, "--format", "tsv").output).dropFirst()
    #expect(listed.compactMap { Double($0[Self.stability]) } == stabilities)

    let unstable = try ambq("list", "--spool", spool, "--unstable", "--sort", "stability", "--format", "tsv").output
    let found = fields(unstable).dropFirst().compactMap { Double($0[Self.stability]) }
    #expect(found == stabilities.filter { $0 < 0.5 }.sorted() && !found.isEmpty)
    let status = try ambq("status", "--spool", spool).output
    #expect(status.contains("Probes  1 done"))
  }

  @Test func storedStatisticsAtRateAndLevelZeroAreTheCleanRun() throws {
    try drop(Shipped.samples[0])
    #expect(try once().status == 0)
    var found: [Data] = []
    try IndexReader(folder["spool/index.sqlite"]).forEachProbe { found.append(try #require($0.statistics)) }
    let statistics = try ProbeStatistics(encoded: try #require(found.first))
    #expect(statistics.bundles == 1 && statistics.utterances == 128 && statistics.known == 128)
    // No label differs from the clean one, seed by seed.
    for seed in ProbePlan.standard.seeds.indices {
      #expect(statistics.dropped(rate: 0, seed: seed) == statistics.clean)
      #expect(statistics.noise(.all, level: 0, seed: seed) == statistics.clean)
    }
    let kept = try #require(statistics.noise(.all, level: 7)).clean
    #expect(kept.total == 5 * 128 && kept.correct < kept.total)
    // The mean stability is the share of labels that noise on everything keeps, over levels and seeds.
    let levels = (1...7).compactMap { statistics.noise(.all, level: $0)?.clean }
    let share = Double(levels.reduce(0) { $0 + $1.correct }) / Double(levels.reduce(0) { $0 + $1.total })
    let stability = try #require(try IndexReader(folder["spool/index.sqlite"]).stability(UtteranceQuery()))
    #expect(abs(stability.mean - share) < 1e-12 && stability.utterances == 128)
  }

  @Test func theSameProbeGivesTheSameBytesWhateverTheThreads() throws {
    try drop(Shipped.samples[0])
    #expect(try once().status == 0)
    let first = try Data(contentsOf: folder["spool/labels/monday.tsv"])
    var statistics: [Data?] = []
    try IndexReader(folder["spool/index.sqlite"]).forEachProbe { statistics.append($0.statistics) }
    try FileManager.default.removeItem(at: folder["spool"])
    try FileManager.default.createDirectory(at: folder["spool/incoming"], withIntermediateDirectories: true)
    try drop(Shipped.samples[0])
    let outcome = try ambd(
      "--spool", spool, "--model", Shipped.model, "--once", "--set", "probes.threads=3", "--threads", "1")
    #expect(outcome.status == 0)
    #expect(try Data(contentsOf: folder["spool/labels/monday.tsv"]) == first)
    try IndexReader(folder["spool/index.sqlite"]).forEachProbe { statistics.append($0.statistics) }
    #expect(statistics.count == 2 && statistics[0] == statistics[1])
  }

  private func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder["spool/\(path)"].path)) ?? []).sorted()
  }

  @Test func samplesComeOutLabelledIndexedAndQueryable() throws {
    for sample in Shipped.samples { try drop(sample) }
    let outcome = try once()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(names("done") == ["monday.h5", "tuesday.h5", "wednesday.h5"])
    #expect(names("labels") == ["monday.tsv", "tuesday.tsv", "wednesday.tsv"])
    #expect(try rows() == expectedRows(Shipped.samples))
    let label = try String(contentsOf: folder["spool/labels/monday.tsv"], encoding: .utf8)
    let expected = try BuiltProgram("ambtrain")("score", "--model", Shipped.model, Shipped.samples[0].path).output
    // ambtrain does not probe: apart from the stability all bytes are the same.
    #expect(fields(label).map { Self.withoutStability($0) } == fields(expected).map { Self.withoutStability($0) })
  }

  @Test func theSameBytesAgainChangeNothing() throws {
    try drop(Shipped.samples[0])
    #expect(try once().status == 0)
    let (before, label) = (try rows(), try Data(contentsOf: folder["spool/labels/monday.tsv"]))
    try drop(Shipped.samples[0])
    #expect(try once().status == 0)
    #expect(try rows() == before)
    #expect(try Data(contentsOf: folder["spool/labels/monday.tsv"]) == label)
    #expect(names("labels") == ["monday.tsv"])
    #expect(names("incoming") == [] && names("active") == [])
  }

  @Test func twoBundlesOfOneNameAreBothKept() throws {
    try drop(Shipped.samples[0], as: "day.h5")
    #expect(try once().status == 0)
    try drop(Shipped.samples[1], as: "day.h5")
    #expect(try once().status == 0)
    #expect(names("done").count == 2 && names("labels").count == 2)
    let expected = try Shipped.samples.prefix(2).map { try expectedRows([$0]).count }.reduce(0, +)
    #expect(try rows().count == expected)
  }

  @Test func aBadBundleIsSetAsideAndTheQueueGoesOn() throws {
    try Data("not a bundle".utf8).write(to: folder["spool/incoming/bad.h5"])
    try drop(Shipped.samples[0])
    #expect(try once().status == 1)
    #expect(names("failed") == ["bad.h5", "bad.h5.error.json"])
    #expect(names("done") == ["monday.h5"])
    let report = try Data(contentsOf: folder["spool/failed/bad.h5.error.json"])
    let error = try #require(try JSONSerialization.jsonObject(with: report) as? [String: Any])
    #expect(error["what"] as? String == "this is not an HDF5 file")
    #expect((error["remedy"] as? String)?.isEmpty == false)
  }

  /// Killed after ever longer whiles, each time started anew: in the end every row is there once.
  @Test func killsLoseNothingAndDoubleNothing() throws {
    for sample in Shipped.samples { try drop(sample) }
    for milliseconds in stride(from: 20, through: 400, by: 20) {
      let process = try ambd.start("--spool", spool, "--model", Shipped.model, log: folder["log"])
      usleep(UInt32(milliseconds) * 1000)
      process.send(SIGKILL)
      _ = process.wait()
    }
    #expect(try once().status == 0)
    #expect(try rows() == expectedRows(Shipped.samples))
    #expect(names("active") == [] && names("incoming") == [] && names("done").count == 3)
    #expect(names("labels") == ["monday.tsv", "tuesday.tsv", "wednesday.tsv"])
  }

  @Test func aSecondDaemonIsRefusedAndTheFirstStopsInOrder() throws {
    let first = try ambd.start("--spool", spool, "--model", Shipped.model, log: folder["log"])
    let index = folder["spool/index.sqlite"].path
    for _ in 0..<1000 where !FileManager.default.fileExists(atPath: index) { usleep(10_000) }
    let second = try ambd("--spool", spool, "--model", Shipped.model)
    first.send(SIGTERM)
    #expect(first.wait() == 0)
    #expect(second.status != 0)
    #expect(second.errors.contains("\(first.identifier)"))
  }

  @Test func checkPrintsWhatWouldBeUsedAndRefusesABadModel() throws {
    let good = try ambd("--check", "--spool", spool, "--model", Shipped.model)
    #expect(good.status == 0)
    #expect(good.output.contains("model: meld-minilm"))
    let bad = try ambd("--check", "--spool", spool, "--model", folder.url.path)
    #expect(bad.status == 66)
    #expect(bad.errors.contains("no config.json in the model directory"))
  }
}
