import EvaluationStatistics
import Foundation
import ResultIndex
import Testing

/// What the daemon's probes leave in label files and index.
@Suite struct AmbdProbingTests {
  private let ambd = BuiltProgram("ambd")
  private let ambq = BuiltProgram("ambq")
  private let folder: TestFolder
  private var spool: String { folder["spool"].path }

  init() throws {
    folder = try TestFolder()
    try FileManager.default.createDirectory(at: folder["spool/incoming"], withIntermediateDirectories: true)
  }

  private func drop(_ source: URL) throws {
    try FileManager.default.copyItem(at: source, to: folder["spool/incoming/\(source.lastPathComponent)"])
  }

  private func once(_ model: String = Shipped.model) throws -> BuiltProgram.Outcome {
    try ambd("--spool", spool, "--model", model, "--once")
  }

  private func labels() throws -> LabelRows {
    LabelRows(try String(contentsOf: folder["spool/labels/monday.tsv"], encoding: .utf8))
  }

  @Test func everyLabelGetsAStabilityThatLabelFileAndIndexAgreeOn() throws {
    try drop(Shipped.samples[0])
    #expect(try once().status == 0)
    let stabilities = try labels().stabilities.compactMap(\.self)
    #expect(try stabilities.count == 128 && labels().stabilities.count == 128)
    // Shares of 7 levels × 5 seeds, to the six decimals of a label file.
    #expect(stabilities.allSatisfy { abs(($0 * 35).rounded() / 35 - $0) < 1e-6 && (0...1).contains($0) })
    #expect(
      LabelRows(try ambq("list", "--spool", spool, "--format", "tsv", "--fields", "all").output).stabilities
        == stabilities)

    let unstable = try ambq(
      "list", "--spool", spool, "--unstable", "--sort", "stability", "--format", "tsv", "--fields", "all"
    ).output
    let found = LabelRows(unstable).stabilities.compactMap(\.self)
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

  @Test func theLabelFileIsThatOfTheModelWhoseScoringIsCurrent() throws {
    let other = folder["other"]
    try FileManager.default.copyItem(at: URL(fileURLWithPath: Shipped.model), to: other)
    let configuration = try String(contentsOf: folder["other/config.json"], encoding: .utf8)
    try Data(configuration.replacing(/"temperature" *: *[0-9.]+/, with: "\"temperature\": 3").utf8)
      .write(to: folder["other/config.json"])
    var files: [Data] = []
    for model in [Shipped.model, other.path, Shipped.model] {
      try drop(Shipped.samples[0])
      #expect(try once(model).status == 0)
      files.append(try Data(contentsOf: folder["spool/labels/monday.tsv"]))
      #expect(try labels().stabilities.allSatisfy { $0 != nil })
    }
    #expect(files[0] != files[1] && files[0] == files[2])
    #expect(try ambq("bundles", "--spool", spool, "--all-models", "--format", "tsv").lines.count == 3)
  }
}
