import AMBDSGDN
import DialogueDomain
import Foundation
import Testing

@testable import ModelTraining

/// What a person reads while a training runs and when it is over.
@Suite struct TrainingTextTests {
  /// Two rows of two, of which so many are right.
  private static func evaluation(right: Int) -> Evaluation {
    Evaluation(
      BranchLogits(classes: 2, rows: 2, logits: [.text: [2, 0, 0, 2]], missing: [:]).fused,
      labels: right == 2 ? [0, 1] : [1, 1], dialogues: [0..<2], emotions: EmotionSet(["calm", "angry"]), temperature: 1)
  }

  private static func result(seed: UInt64, right: Int, test: Int? = nil) -> TrainingSession.Result {
    TrainingSession.Result(
      seed: seed, directory: URL(fileURLWithPath: "/models/seed-\(seed)"),
      origin: .validation, heldOut: evaluation(right: right),
      test: test.map { evaluation(right: $0) })
  }

  @Test func oneModelHasItsTables() {
    let text = TrainingSummary([Self.result(seed: 1, right: 2, test: 1)]).text
    #expect(text.hasPrefix("On the dialogues that were held out of training:\n            "))
    #expect(text.contains("\n\nOn the test data:\n            "))
    #expect(text.hasSuffix("\n\nThe model lies in /models/seed-1\n"))
    var chosenOnTest = Self.result(seed: 1, right: 2)
    chosenOnTest.origin = .test
    let selected = TrainingSummary([chosenOnTest]).text
    #expect(selected.hasPrefix("On the test data, which chose the epoch:\n"))
    #expect(!selected.contains("On the test data:"))
  }

  @Test func severalModelsHaveALineEachAndTheirAverages() {
    let results = [Self.result(seed: 4, right: 1, test: 2), Self.result(seed: 5, right: 2, test: 2)]
    let lines = TrainingSummary(results).text.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("seed 4  validation weighted F1 66.67 %, accuracy 50.00 %  test weighted F1 100.00 %"))
    #expect(
      lines[3] == "validation accuracy: mean 75.00 %, standard deviation 35.36, 95 % interval -242.66 to 392.66 %")
    #expect(lines[6] == "test accuracy: mean 100.00 %, standard deviation 0.00, 95 % interval 100.00 to 100.00 %")
    #expect(lines.last == "The best on validation lies in /models/seed-5")
  }

  private func epoch(_ number: Int, isBest: Bool = false) -> TrainingEvent {
    .epoch(
      EpochRecord(
        epoch: number, loss: 1.5, accuracy: 0.5, weightedF1: 0.25, macroF1: 0, validationLoss: 0.75, isBest: isBest),
      of: 2)
  }

  private func step(_ number: Int) -> TrainingEvent {
    .step(
      StepRecord(
        epoch: 1, step: number, learningRate: 1, loss: 2, fusionLoss: 1, branchLosses: [:], performance: [:],
        dropProbabilities: [:], isDropping: false), of: 8)
  }

  @Test func anEpochLeavesALine() {
    let now = ContinuousClock.now
    var progress = TrainingProgress(
      RunProgress(isTerminal: false, width: 80, now: now), selectsOnTest: false)
    #expect(progress.text(step(1), part: "seed 3", now: now) == "seed 3  1/8  12 %  0:00 left  loss 2.0000\n")
    // Outside a terminal a line every ten seconds is enough.
    #expect(progress.text(step(2), part: "seed 3", now: now).isEmpty)
    #expect(
      progress.text(epoch(1, isBest: true), part: "seed 3", now: now)
        == "seed 3  epoch 1/2  loss 1.5000  on validation: loss 0.7500, weighted F1 25.00 %, accuracy 50.00 %  best\n")
  }

  @Test func theBarStandsBelowTheLinesAndGoesAtTheEnd() {
    let now = ContinuousClock.now
    var progress = TrainingProgress(
      RunProgress(isTerminal: true, width: 80, now: now), selectsOnTest: true)
    let bar = progress.text(step(1), part: nil, now: now)
    #expect(bar.hasPrefix("\r\u{1B}[2Ktraining  ") && !bar.contains("\n"))
    let line = progress.text(epoch(1), part: nil, now: now)
    #expect(line.contains("\u{1B}[2Kepoch 1/2  loss 1.5000  on test: ") && line.hasSuffix(String(bar.dropFirst(5))))
    #expect(progress.text(epoch(2), part: nil, now: now).hasSuffix("\r\u{1B}[2K"))
    #expect(progress.finish().isEmpty)
  }

  @Test func aResumedTrainingsTimeLeftFollowsFromItsOwnSteps() {
    let now = ContinuousClock.now
    var progress = TrainingProgress(
      RunProgress(isTerminal: false, width: 80, now: now), selectsOnTest: false)
    #expect(progress.text(.resumed(epoch: 1), part: nil, now: now) == "training: resumed after epoch 1\n")
    // The fifth of eight steps is the first of four: one took ten seconds, three are left.
    #expect(
      progress.text(step(5), part: nil, now: now + .seconds(10)) == "training  1/4  25 %  0:30 left  loss 2.0000\n")
  }
}
