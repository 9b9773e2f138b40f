import Foundation
import OperatingSystem
import ResultIndex
import TestFolders
import Testing

@testable import Benchmarking

struct QueryBenchmarkTests {
  @Test func aRunIsMeasuredWithItsOutputAndItsEnd() throws {
    let shell = URL(fileURLWithPath: "/bin/sh")
    let run = try MeasuredRun(shell, ["-c", "echo measured; echo unseen >&2; exit 3"])
    #expect(run.status == 3 && run.outputBytes == 9 && run.seconds > 0 && run.peakMemory > 0)
    #expect(try MeasuredRun(shell, ["-c", "kill -9 $$"]).status == 137)
    #expect(throws: StorageError.self) { try MeasuredRun(URL(fileURLWithPath: "/nowhere/program"), []) }
  }

  @Test func theIndexHoldsWhatIsAskedFor() throws {
    let folder = try TemporaryFolder()
    let index = folder["index.sqlite"]
    let benchmark = QueryBenchmark(program: index, index: index, repetitions: 1)
    try benchmark.prepare(SyntheticIndex(utterances: 2000)) { _ in }
    let reader = try IndexReader(index)
    #expect(try reader.totals().utterances >= 2000 && reader.wrongSums().isEmpty)
    var query = UtteranceQuery()
    #expect(try reader.truthComparison(query).hasTruth && reader.probeCounts().done > 0)
    query.words = WordPattern(SyntheticIndex.commonWord)
    #expect(try reader.hasUtterances(query))
    query = UtteranceQuery()
    query.models = ["older"]
    #expect(try reader.count(query) > 0)
    query.models = []
    query.emotions = ["unknown"]
    #expect(try reader.count(query) > 0)
  }
}
