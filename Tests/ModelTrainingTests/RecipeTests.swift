import AMBDSGDN
import DialogueDomain
import Foundation
import OperatingSystem
import TestFolders
import Testing
import TypedSettings

@testable import ModelTraining

/// Presets, keys and the objective's parts.
@Suite struct RecipeTests {
  @Test func presetsHoldThePublishedRecipes() {
    let iemocap = TrainingRecipe(.iemocap)
    #expect((iemocap.learningRate, iemocap.l2, iemocap.dropout) == (6.8e-5, 5e-5, 0.5))
    #expect((iemocap.batchDialogues, iemocap.epochs, iemocap.balancingWarmUp, iemocap.window) == (16, 61, 60, 20))
    #expect((iemocap.baseProbability, iemocap.sensitivity, iemocap.executionProbability) == (0.3, 0.9, 0.5))
    #expect(iemocap.classWeighting == .inverseFrequency)
    let meld = TrainingRecipe(.meld)
    #expect((meld.learningRate, meld.l2, meld.dropout, meld.graphDropout) == (5e-5, 7.5e-5, 0.11, 0.2))
    #expect((meld.batchDialogues, meld.epochs, meld.balancingWarmUp, meld.window) == (64, 20, 0, 6))
    #expect(meld.classWeighting == .none)
  }

  @Test func everyKeyReadsBackWhatItWrote() throws {
    var changed = TrainingRecipe(.iemocap)
    try changed.apply(
      [
        "hidden": .integer(128), "learning_rate": .number(3e-4), "graphs": .text("plain"),
        "class_weights": .list([.number(1), .integer(2)]), "modalities": .list([.text("audio"), .text("text")]),
        "balancing": .flag(false), "schedule": .text("cosine"), "dropout": .integer(0),
      ], source: "recipe.toml")
    #expect(changed.hidden == 128 && changed.graphs == .plain && !changed.isBalanced && changed.dropout == 0)
    #expect(changed.classWeighting == .given([1, 2]))
    #expect(changed.modalities == [.text, .audio])
    var copy = TrainingRecipe(.iemocap)
    try copy.apply(changed.settings, source: "copy")
    #expect(copy == changed)
  }

  @Test func unknownKeysAndUnusableValuesAreNamed() throws {
    var recipe = TrainingRecipe(.meld)
    let unknown = try #require(throws: SettingError.self) {
      try recipe.apply(["lerning_rate": .number(1)], source: "command line")
    }
    #expect(unknown.description == "command line: unknown key \"lerning_rate\". Did you mean \"learning_rate\"?")
    let unusable = try #require(throws: SettingError.self) {
      try recipe.apply(["epochs": .integer(0)], source: "command line")
    }
    #expect(
      unusable.description
        == "command line: wrong value for epochs; found 0; expected a whole number from 1 to 100000")
  }

  @Test(arguments: [
    ("class_weights", SettingValue.text("inverse-frequenzy")), ("class_weights", .list([.number(1), .number(-1)])),
    ("class_weights", .list([.text("much")])), ("modalities", .list([])), ("modalities", .list([.text("smell")])),
    ("modalities", .text("text")),
  ])
  func listsOfOtherThingsAreRefused(key: String, value: SettingValue) {
    var recipe = TrainingRecipe(.meld)
    #expect(throws: SettingError.self) { try recipe.apply([key: value], source: "command line") }
    #expect(recipe == TrainingRecipe(.meld))
  }

  @Test func aFileNamesTheLineOfWhatIsWrong() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("r.toml")
    func refusal(_ toml: String) throws -> Explanation {
      try Data(toml.utf8).write(to: file)
      var recipe = TrainingRecipe(.meld)
      return try #require(throws: SettingError.self) { try recipe.apply(file: file) }.explanation
    }
    let value = try refusal("hidden = 16\nepochs = \"many\"\n")
    #expect(value.location == "\(file.path):2" && value.found == "the text \"many\"")
    let key = try refusal("hiden = 16\n")
    #expect(key.location == "\(file.path):1" && key.remedy == "Did you mean \"hidden\"?")
    #expect(try refusal("nonsense_without_end = 1\n").remedy == "The keys are listed in ambtrain(1).")
  }

  @Test func theManualPageNamesEveryKey() throws {
    let manual = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../man/ambtrain.1").standardized
    let words = try String(contentsOf: manual, encoding: .utf8).split {
      !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "."
    }
    for key in TrainingRecipe.keys { #expect(words.contains(Substring(key.path)), "\(key.path)") }
  }

  @Test func classWeightsAreInverseShares() {
    #expect(ClassWeighting.inverseFrequency.weights(counts: [1, 3]) == [4, 4.0 / 3])
    #expect(ClassWeighting.inverseSquareRoot.weights(counts: [1, 3]) == [2, (Float(4) / 3).squareRoot()])
    #expect(ClassWeighting.none.weights(counts: [1, 3]) == nil)
  }

  @Test func theCosineRisesThenFallsToZero() {
    let schedule = LearningRateSchedule.cosine
    let factors = (0...20).map { schedule.factor(step: $0, steps: 20, warmUp: 4) }
    #expect(factors[0] == 0.25 && factors[3] == 1 && factors[4] == 1)
    #expect(abs(factors[12] - 0.5) < 1e-12 && factors[20] < 1e-12)
    #expect(LearningRateSchedule.constant.factor(step: 7, steps: 20, warmUp: 4) == 1)
  }

  @Test func rowsWithoutLabelOrModalityStayOutOfTheLoss() throws {
    let text = threeRows([1, 0, 0, 2, 5, 5])
    let audio = threeRows([0.5, 0.5, 1, 0, 9, -9])
    let loss = TrainingLoss()
    let all = try #require(
      loss([.text: text, .audio: audio], missing: [.audio: [false, true, false]], labels: [0, 1, nil]))
    let textOnly = try #require(loss([.text: text], labels: [0, 1, nil]))
    #expect(all.branches[.text] == textOnly.branches[.text])
    // Only the first row has audio and a label: its two logits are equal.
    #expect(abs(try #require(all.branches[.audio]) - 0.693147) < 1e-5)
    let gradient = try #require(all.gradients[.audio])
    #expect(gradient.row(1) == [0, 0] && gradient.row(2) == [0, 0])
    #expect(loss([.text: text], labels: [nil, nil, nil]) == nil)
  }

  @Test func smoothedLossesHaveTheGradientsOfTheirDifferences() throws {
    let start: [Float] = [1, 0, 0.5, 2, -1, 0.3]
    let loss = TrainingLoss(classWeights: [1, 3], labelSmoothing: 0.2)
    let labels: [Int?] = [0, 1, 1]
    let gradients = try #require(loss([.text: threeRows(start)], labels: labels)?.gradients[.text]).values
    for index in start.indices {
      var (up, down) = (start, start)
      up[index] += 0.01
      down[index] -= 0.01
      let rise = try #require(loss([.text: threeRows(up)], labels: labels)).total
      let fall = try #require(loss([.text: threeRows(down)], labels: labels)).total
      #expect(abs((rise - fall) / 0.02 - Double(gradients[index])) < 1e-4)
    }
  }
}

/// The recipe that is taken where none is named.
struct OwnRecipeTests {
  @Test(arguments: [(11, 2, 200), (100, 6, 72), (935, 16, 20), (20_000, 16, 20), (1, 2, 200)])
  func stepsAreAboutTheSameWhateverTheDataSize(dialogues: Int, batch: Int, epochs: Int) {
    let recipe = TrainingRecipe(dialogues: dialogues)
    #expect((recipe.batchDialogues, recipe.epochs) == (batch, epochs))
    #expect(recipe.hidden == 128 && recipe.learningRate == 3e-4 && recipe.classWeighting == .inverseSquareRoot)
  }

  @Test func aWiderNetworkLearnsAtALowerRate() {
    #expect(abs(TrainingRecipe(dialogues: 100, hidden: 512).learningRate - 1.5e-4) < 1e-12)
  }
}
