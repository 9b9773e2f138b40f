import DialogueDomain
import Foundation
import Testing

@testable import Benchmarking

@Suite struct BenchmarkRecordTests {
  private static func run(_ seconds: [Double], cores: Int = 2, extra: [BenchmarkFigure] = []) -> BenchmarkRun {
    let machine = BenchmarkRun.Machine(
      cores: cores, processor: "a processor", loops: "v3", blas: "a library", system: "a system", forcedKernel: nil)
    return BenchmarkRun(
      commit: "abc", date: Date(timeIntervalSince1970: 1_790_000_000), machine: machine,
      records: [
        BenchmarkRecord(
          "scoring", settings: ["network": "small", "threads": "2"],
          figures: [
            BenchmarkFigure("scoring", seconds, unit: "s", better: .less, limit: .init("products", 0.5), aim: 2)
          ]
            + extra)
      ])
  }

  @Test func aFigureStandsBesideItsLimitAndItsAim() {
    let time = BenchmarkFigure("t", [4, 1, 2], unit: "s", better: .less, limit: .init("products", 1), aim: 3)
    #expect(time.median == 2 && time.range == 1...4 && time.shareOfLimit == 0.5 && time.keepsAim == true)
    let rate = BenchmarkFigure("r", [10], unit: "/s", better: .more, limit: .init("machine", 40), aim: 30)
    #expect(rate.shareOfLimit == 0.25 && rate.keepsAim == false)
    let bare = BenchmarkFigure("b", [1], unit: "s", better: .less)
    #expect(bare.shareOfLimit == nil && bare.keepsAim == nil)
  }

  @Test func aRunIsReadBackAsItWasWritten() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("run.json")
    let run = Self.run([1, 1.5, 3])
    try run.encoded().write(to: file)
    #expect(try BenchmarkRun(contentsOf: file) == run)
    try Data("{}".utf8).write(to: file)
    let error = #expect(throws: BenchmarkError.self) { try BenchmarkRun(contentsOf: file) }
    #expect(error?.explanation.kind == .data)
  }

  @Test func aForcedKernelIsWarnedOf() {
    var machine = BenchmarkRun.Machine(
      cores: 1, processor: "p", loops: "v4", blas: "b", system: "s", forcedKernel: "Haswell")
    #expect(machine.warnings.count == 1 && machine.warnings[0].contains("OPENBLAS_CORETYPE=Haswell"))
    machine = BenchmarkRun.Machine(cores: 1, processor: "p", loops: "v4", blas: "b", system: "s", forcedKernel: nil)
    #expect(machine.warnings.isEmpty)
  }

  @Test func runsAreComparedFigureByFigure() {
    let added = BenchmarkFigure("memory", [5], unit: "MB", better: .less)
    let comparison = BenchmarkComparison(base: Self.run([2, 2.2, 2.4]), new: Self.run([1, 1.1, 1.2], extra: [added]))
    #expect(comparison.isSameMachine && comparison.rows.count == 1)
    #expect(comparison.rows[0].isDistinct && abs(comparison.rows[0].gain - 1) < 1e-12)
    #expect(comparison.unmatched == ["scoring (network small, threads 2): memory"])
    let overlapping = BenchmarkComparison(base: Self.run([2, 3, 4]), new: Self.run([3.5, 4, 5], cores: 4))
    #expect(!overlapping.rows[0].isDistinct && overlapping.rows[0].gain == -0.25 && !overlapping.isSameMachine)
  }

  @Test func aRateThatRisesIsAGain() {
    let rate = { BenchmarkFigure("r", [$0], unit: "/s", better: .more) }
    let row = BenchmarkComparison.Row(benchmark: "b", base: rate(100), new: rate(150))
    #expect(row.gain == 0.5)
  }

  @Test func textHasMedianRangeLimitAndAMissedAim() {
    let time = BenchmarkFigure(
      "t", [0.412, 0.4, 0.47], unit: "s", better: .less, limit: .init("products", 0.309), aim: 0.2)
    #expect(BenchmarkText.text(time) == "0.412 (0.400–0.470) s; 75.0 % of products, 0.309; aim: at most 0.200, missed")
    #expect(
      BenchmarkText.text(BenchmarkFigure("r", [346], unit: "/s", better: .more, aim: 300))
        == "346 /s; aim: at least 300")
    let lines = BenchmarkText.lines(Self.run([1]))
    #expect(lines[0].hasPrefix("machine ") && lines[1].contains("network small; threads 2"))
  }

  @Test func aComparisonMarksWhatTheRangesTellApart() {
    let lines = BenchmarkText.lines(BenchmarkComparison(base: Self.run([2, 2.2, 2.4]), new: Self.run([1, 1.1, 1.2])))
    #expect(lines[0] == "scoring (network small, threads 2)")
    #expect(lines[1].contains("2.20 → 1.10 s, +100.0 %  better"))
  }

  @Test func aimsAreCounted() {
    let (kept, promised) = Self.run([9], extra: [BenchmarkFigure("m", [1], unit: "MB", better: .less, aim: 2)]).aimsKept
    #expect(kept == 1 && promised == 2)
  }

  @Test func theSuiteNamesEveryBenchmark() {
    let suite = BenchmarkSuite(program: URL(fileURLWithPath: "/ambtrain"), model: "m")
    #expect(
      Set(suite.parts.map { $0[0] }) == ["scoring", "encoder", "training", "probes", "daemon", "query", "report"])
  }
}
