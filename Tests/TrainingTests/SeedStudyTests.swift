import Foundation
import Testing

@testable import Training

/// Several seeds, summarised, stopped and resumed.
@Suite struct SeedStudyTests {
  @Test func seedsAreSummarisedAndResumedWithoutTrainingAgain() throws {
    let folder = try TemporaryFolder()
    let test = try SmallDialogues.data(dialogues: 8, seed: 6)
    let study = try #require(
      try SeedStudy.run(seeds: [1, 2], folder: folder.url, test: test, threads: 2) {
        try SmallDialogues.trainer(seed: $0)
      })
    let accuracy = try #require(study.summary(\.accuracy))
    let values = study.runs.map(\.reported.accuracy)
    #expect(accuracy.count == 2 && abs(accuracy.mean - (values[0] + values[1]) / 2) < 1e-12)
    #expect(study.table.split(separator: "\n").count == 6)
    var steps = 0
    let again = try #require(
      try SeedStudy.run(
        seeds: [1, 2], folder: folder.url, isResumed: true, test: test, threads: 2,
        observe: { _, event in if case .step = event { steps += 1 } }, trainer: { try SmallDialogues.trainer(seed: $0) }
      ))
    #expect(steps == 0)
    #expect(again.json == study.json)
  }

  @Test func aStoppedStudyHasNoResult() throws {
    let folder = try TemporaryFolder()
    let study = try SeedStudy.run(seeds: [1], folder: folder.url, threads: 1, isStopped: { true }) {
      try SmallDialogues.trainer(seed: $0)
    }
    #expect(study == nil)
  }
}
