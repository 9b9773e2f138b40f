import AMBDSGDN
import DialogueDomain
import Foundation
import ModelTraining
import TestFolders
import Testing

@testable import PaperExperiments

@Suite struct ExperimentRunTests {
  private let folder: TemporaryFolder
  /// Not there before the first run.
  private var results: URL { folder["results"] }

  init() throws {
    folder = try TemporaryFolder()
  }

  private func run(_ experiment: Experiment = .longDialogues, seeds: [UInt64] = [1, 2]) throws -> ExperimentRun {
    let split = try LearnableDialogues.split()
    let plan = try #require(
      try ExperimentPlan.of(experiment, recipe: LearnableDialogues.recipe, split: split, isQuick: true))
    return ExperimentRun(plan, split: split, seeds: seeds, folder: results, threads: 2)
  }

  private func finished(_ outcome: ExperimentRun.Outcome) throws -> Comparison {
    guard case .finished(let comparison) = outcome else { throw CancellationError() }
    return comparison
  }

  private func figures(_ comparison: Comparison) -> [[Double]] {
    comparison.rows.map { $0.seeds.flatMap { [$0.accuracy, $0.weightedF1, $0.macroF1] } }
  }

  @Test func anInterruptedExperimentGoesOnToTheSameResult() throws {
    let whole = try finished(run().run())
    try FileManager.default.removeItem(at: results)

    // Stopped in the second epoch of the second training.
    var steps = 0
    let stopped = try run().run(isStopped: {
      steps += 1
      return steps == 8
    })
    guard case .stopped(let arm, let seed, let epoch) = stopped else {
      Issue.record("it was not stopped")
      return
    }
    #expect(arm == "complete" && seed == 2 && epoch == 1)

    var (found, trained) = (0, 0)
    let resumed = try run().run(
      isResumed: true,
      observe: { event in
        if case .found = event { found += 1 }
        if case .finished = event { trained += 1 }
      })
    #expect(found == 1 && trained == 5)
    #expect(try figures(finished(resumed)) == figures(whole))
  }

  @Test func finishedTrainingsAreNotRunAgain() throws {
    let first = try finished(run(.modalities).run())
    var steps = 0
    let again = try run(.modalities).run(isResumed: true, observe: { if case .steps = $0 { steps += 1 } })
    #expect(steps == 0)
    #expect(try figures(finished(again)) == figures(first))
    // Only the small results are left.
    let left = try FileManager.default.subpathsOfDirectory(atPath: results.path).filter { $0.contains(".") }
    #expect(left.count == 6 && left.allSatisfy { $0.hasSuffix(".json") })
  }

  @Test func earlierResultsAreNeitherOverwrittenNorMistaken() throws {
    #expect(throws: ExperimentError.self) { try run().run(isResumed: true) }
    _ = try run(.modalities).run()
    #expect(throws: ExperimentError.self) { try run(.modalities).run() }
    let split = try LearnableDialogues.split()
    var other = LearnableDialogues.recipe
    other.learningRate = 2e-3
    let plan = try #require(try ExperimentPlan.of(.modalities, recipe: other, split: split, isQuick: true))
    #expect(throws: ExperimentError.self) {
      try ExperimentRun(plan, split: split, seeds: [1, 2], folder: results, threads: 2).run(isResumed: true)
    }
  }

  @Test func longDialoguesAreEvaluatedApart() throws {
    let comparison = try finished(run(seeds: [1]).run())
    let split = try LearnableDialogues.split()
    #expect(split.evaluated.dialogues(ofAtLeast: 5).bundle.dialogues.map(\.rows.count) == [5, 6, 7])
    #expect(comparison.rows.count == 9)
    #expect(Set(comparison.rows.prefix(9).map { $0.seeds[0].bestEpoch }).isSubset(of: [1, 2]))
  }

  @Test func aTrainingThatDivergesIsNamed() throws {
    var bundle = try LearnableDialogues.data().bundle
    let table = try #require(bundle.features[.audio])
    bundle.features[.audio] = FeatureTable(
      width: table.width, values: [.nan] + table.values.dropFirst(), missing: table.missing)
    let split = try DialogueSplit(
      TrainingData([TrainingData.Source(name: "spoilt", bundle: bundle)]),
      validation: LearnableDialogues.data(dialogues: 6, seed: 2), test: nil, recipe: LearnableDialogues.recipe, seed: 1)
    let plan = try #require(
      try ExperimentPlan.of(.modalities, recipe: LearnableDialogues.recipe, split: split, isQuick: true))
    let error = try #require(throws: ExperimentError.self) {
      try ExperimentRun(plan, split: split, seeds: [4], folder: results, threads: 2).run()
    }
    #expect(error.description.hasPrefix("audio, seed 4: training diverged at step 1 in epoch 1"))
  }

  @Test(arguments: [EvaluationCondition(), EvaluationCondition(noise: 0.3)])
  func noConditionIsEvaluatedOnOtherClasses(condition: EvaluationCondition) throws {
    let data = try LearnableDialogues.data()
    let configuration = ModelConfiguration(
      name: "other", emotions: EmotionSet(["joy", "angry"]), modalities: [.text: ModalityConfiguration(width: 3)],
      hidden: 8, encoderHeads: 2, window: 3, speakers: 2)
    let model = Model(configuration, members: [ParameterSet(configuration, seed: 1)])
    #expect(throws: TrainingError.self) {
      try EvaluationCondition.confusions([condition], of: model, on: data, threads: 1)
    }
  }
}
