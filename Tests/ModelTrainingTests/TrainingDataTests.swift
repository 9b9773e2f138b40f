import AMBDSGDN
import DialogueDomain
import Foundation
import OperatingSystem
import Testing

@testable import ModelTraining

/// What training data must be, and the message where it is not.
@Suite struct TrainingDataTests {
  private static func source(_ name: String, _ bundle: FeatureBundle) -> TrainingData.Source {
    TrainingData.Source(name: name, bundle: bundle)
  }

  @Test func bundlesOfOtherWidthsAreRefused() throws {
    let error = try #require(throws: TrainingError.self) {
      _ = try TrainingData([
        Self.source("a.h5", SmallDialogues.bundle(dialogues: 2, seed: 1)),
        Self.source("b.h5", SmallDialogues.bundle(dialogues: 2, seed: 1, textWidth: 7)),
      ])
    }
    #expect(
      error.description
        == "b.h5: the width of /text is not that of the other bundles; found 7 columns; expected 6 as in a.h5. "
        + "Extract the features of all bundles with the same program.")
  }

  @Test func bundlesOfOtherExtractorsAreRefused() throws {
    let error = try #require(throws: TrainingError.self) {
      _ = try TrainingData([
        Self.source("a.h5", SmallDialogues.bundle(dialogues: 2, seed: 1, extractor: "one")),
        Self.source("b.h5", SmallDialogues.bundle(dialogues: 2, seed: 1, extractor: "two")),
      ])
    }
    #expect(error.description.contains("b.h5: the features of /text come from another extractor; found two"))
  }

  @Test func bundlesWithoutLabelsAreRefused() throws {
    var bundle = SmallDialogues.bundle(dialogues: 2, seed: 1)
    bundle.emotions = nil
    let unlabelled = bundle
    let error = try #require(throws: TrainingError.self) { _ = try TrainingData([Self.source("a.h5", unlabelled)]) }
    #expect(error.description.contains("a.h5: the bundle has no labels"))
    #expect(throws: TrainingError.self) { _ = try TrainingData([]) }
  }

  @Test func classesInAnotherOrderAreMatchedByName() throws {
    var other = SmallDialogues.bundle(dialogues: 1, seed: 2)
    other.emotions = EmotionSet(["angry", "calm", "glad"])
    other.utterances[0].label = 0
    let first = SmallDialogues.bundle(dialogues: 1, seed: 1)
    let joined = try TrainingData([Self.source("a", first), Self.source("b", other)])
    #expect(joined.labels[first.utterances.count] == 2)
    #expect(joined.bundle.dialogues[1].rows.lowerBound == first.utterances.count)
  }

  @Test func aClassThatLabelsNothingMayBeMissingOnEitherSide() throws {
    let first = SmallDialogues.bundle(dialogues: 2, seed: 1)
    var fewer = SmallDialogues.bundle(dialogues: 1, seed: 2)
    fewer.emotions = EmotionSet(["GLAD", "angry"])
    for row in fewer.utterances.indices { fewer.utterances[row].label = row % 2 }
    let joined = try TrainingData([Self.source("a", first), Self.source("b", fewer)])
    #expect(joined.labels[first.utterances.count] == 1 && joined.labels[first.utterances.count + 1] == 2)
    var more = fewer
    more.emotions = EmotionSet(["glad", "angry", "bored"])
    #expect(try TrainingData([Self.source("a", first), Self.source("b", more)]).emotions == first.emotions)
    more.utterances[0].label = 2
    let labelled = more
    let error = try #require(throws: TrainingError.self) {
      _ = try TrainingData([Self.source("a", first), Self.source("b", labelled)])
    }
    #expect(
      error.description.contains("b: the bundle's emotions are not those of the others; found glad, angry, bored"))
  }

  @Test func sourcesThatDeclareNoClassesShareAllThatOccur() throws {
    var one = SmallDialogues.bundle(dialogues: 1, seed: 1)
    (one.emotions, one.utterances[0].label) = (EmotionSet(["Joy", "rage"]), 0)
    var other = SmallDialogues.bundle(dialogues: 1, seed: 2)
    (other.emotions, other.utterances[0].label) = (EmotionSet(["awe", "joy"]), 1)
    for row in 1..<3 { (one.utterances[row].label, other.utterances[row].label) = (nil, 0) }
    let shared = try TrainingData(TrainingData.sharingClasses([Self.source("a", one), Self.source("b", other)]))
    #expect(shared.emotions.names == ["Joy", "rage", "awe"])
    #expect(shared.labels == [0, nil, nil, 0, 2, 2])
    let (used, unused) = shared.withoutUnusedClasses
    #expect(used.emotions.names == ["Joy", "awe"] && unused == ["rage"])
    #expect(used.labels == [0, nil, nil, 0, 1, 1])
  }

  @Test func aBundleWithoutAModalityLacksItInItsRows() throws {
    let first = SmallDialogues.bundle(dialogues: 1, seed: 1)
    var other = SmallDialogues.bundle(dialogues: 1, seed: 2)
    other.features[.audio] = nil
    let joined = try TrainingData([Self.source("a", first), Self.source("b", other)])
    let table = try #require(joined.bundle.features[.audio])
    #expect(table.missing == [false, false, false, true, true, true])
  }

  @Test func aClassWithoutTrainingRowsIsNamed() throws {
    var bundle = SmallDialogues.bundle(dialogues: 10, seed: 1)
    for row in bundle.utterances.indices where bundle.utterances[row].label == 1 { bundle.utterances[row].label = nil }
    let training = try TrainingData([Self.source("a", bundle)])
    let error = try #require(throws: TrainingError.self) {
      _ = try Trainer(
        name: "m", training: training, validation: try SmallDialogues.data(dialogues: 3, seed: 5),
        recipe: SmallDialogues.recipe, seed: 1)
    }
    #expect(error.description.hasPrefix("no utterance of the training data has the label glad"))
  }

  @Test func splitsAreByDialogueAndFollowTheSeed() throws {
    let data = try SmallDialogues.data(dialogues: 20, seed: 1)
    let (training, validation) = try data.split(validationShare: 0.25, seed: 3)
    #expect(training.bundle.dialogues.count == 15 && validation.bundle.dialogues.count == 5)
    let names = Set(training.bundle.dialogues.map(\.id))
    #expect(names.isDisjoint(with: validation.bundle.dialogues.map(\.id)))
    #expect(training.bundle.utterances.count + validation.bundle.utterances.count == data.bundle.utterances.count)
    let again = try data.split(validationShare: 0.25, seed: 3)
    #expect(again.validation.digest == validation.digest)
    #expect(try data.split(validationShare: 0.25, seed: 4).validation.digest != validation.digest)
    let one = try SmallDialogues.data(dialogues: 1, seed: 1)
    #expect(throws: TrainingError.self) { _ = try one.split(validationShare: 0.5, seed: 1) }
  }

  @Test func standardisationUsesTheRowsThatHaveTheModality() {
    let table = FeatureTable(
      width: 2, values: [1, 5, 3, 5, 0, 0], missing: [false, false, true])
    let scale = FeatureStatistics.standardisation(table)
    #expect(scale.mean.values == [2, 5])
    #expect(scale.deviation.values == [1, 0])
    #expect(scale.constantColumns == [1])
    // Elements −1, 0, 1, 0.
    #expect(abs(FeatureStatistics.overallDeviation(table, scale) - 0.5.squareRoot()) < 1e-6)
  }

  @Test func piecesAreWholeDialoguesOfNearlyEqualSize() {
    #expect(TrainingBatch.pieces(lengths: [100, 100, 100, 100, 100, 100]) == [0..<3, 3..<6])
    #expect(TrainingBatch.pieces(lengths: [5]) == [0..<1])
    #expect(TrainingBatch.pieces(lengths: [2000, 1, 1]) == [0..<1, 1..<2, 2..<3])
    let lengths = (0..<64).map { 3 + $0 % 20 }
    #expect(TrainingBatch.pieces(lengths: lengths).flatMap { Array($0) } == Array(0..<64))
  }
}
