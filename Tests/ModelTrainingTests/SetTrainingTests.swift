import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Foundation
import TestFolders
import Testing

@testable import ModelTraining

/// Models of several trainings: sets, folds, and a network that a set teaches.
@Suite struct SetTrainingTests {
  private static func session(
    _ directory: URL, test: TrainingData? = nil, _ change: (inout TrainingRecipe) -> Void
  ) throws -> TrainingSession {
    var recipe = SmallDialogues.recipe
    recipe.epochs = 2
    recipe.validationShare = 0.3
    change(&recipe)
    return try TrainingSession(
      name: "set", data: SmallDialogues.data(dialogues: 20, seed: 4), validation: nil, test: test, recipe: recipe,
      seeds: [3], directory: directory, threads: 2)
  }

  private static func finished(_ outcome: TrainingSession.Outcome) throws -> TrainingSession.Result {
    guard case .finished(let results) = outcome else { throw CancellationError() }
    return try #require(results.first)
  }

  @Test func aSetIsOneModelOfItsMembers() throws {
    let folder = try TemporaryFolder()
    let test = try SmallDialogues.data(dialogues: 12, seed: 9)
    var parts: Set<String?> = []
    let result = try Self.finished(
      Self.session(folder.url, test: test) { $0.ensemble = 3 }.run(observe: { part, _ in parts.insert(part) }))
    #expect(parts == ["member 1", "member 2", "member 3"])
    let model = try Model(directory: folder.url)
    #expect(model.configuration.members == 3 && result.members.count == 3)
    #expect(try Evaluation(model, test, threads: 1).confusion == result.test?.confusion)
    let card = try String(contentsOf: folder.url.appendingPathComponent("MODEL_CARD.md"), encoding: .utf8)
    #expect(card.contains("3 × ") && card.contains("Seeds 9 (epoch "))
    for seed in 9...11 {
      #expect(FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("metrics-\(seed).jsonl").path))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("checkpoint").path))
    #expect(TrainingSummary([result]).text.contains("Weighted F1 of the 3 networks: mean "))
  }

  @Test func foldsHoldEveryDialogueOutOnceAndTheModelLearnsFromAll() throws {
    let folder = try TemporaryFolder()
    var parts: [String] = []
    let result = try Self.finished(
      Self.session(folder.url) { ($0.folds, $0.risk) = (4, 0.3) }.run(observe: { part, _ in
        if let part, parts.last != part { parts.append(part) }
      }))
    #expect(parts == ["fold 1", "fold 2", "fold 3", "fold 4", "all dialogues"])
    let labelled = try SmallDialogues.data(dialogues: 20, seed: 4).labels.compactMap { $0 }.count
    #expect(result.origin == .folds && result.heldOut?.comparison.utterances == labelled)
    let configuration = try Model(directory: folder.url).configuration
    #expect(configuration.doubt?.classRows.reduce(0, +) == labelled && configuration.doubt?.risk == 0.3)
    #expect(configuration.temperature != 1)
    let card = try String(contentsOf: folder.url.appendingPathComponent("MODEL_CARD.md"), encoding: .utf8)
    #expect(card.contains("each out of one fold's training") && card.contains("## Doubt"))
  }

  @Test func foldsPartTheDialoguesAndLeaveNoneOut() throws {
    let data = try SmallDialogues.data(dialogues: 11, seed: 4)
    let folds = try data.folded(3, seed: 1)
    #expect(
      folds.flatMap { $0.heldOut.bundle.dialogues.map(\.id) }.sorted() == data.bundle.dialogues.map(\.id).sorted())
    for fold in folds {
      let (kept, held) = (Set(fold.training.bundle.dialogues.map(\.id)), Set(fold.heldOut.bundle.dialogues.map(\.id)))
      #expect(kept.isDisjoint(with: held) && kept.count + held.count == 11)
    }
    #expect(throws: TrainingError.self) { _ = try data.folded(12, seed: 1) }
  }

  @Test func aStoppedSetResumesToTheSameBytes() throws {
    let (whole, parted) = (try TemporaryFolder(), try TemporaryFolder())
    _ = try Self.session(whole.url) { ($0.ensemble, $0.folds) = (2, 2) }.run()
    let session = try Self.session(parted.url) { ($0.ensemble, $0.folds) = (2, 2) }
    var steps = 0
    let outcome = try session.run(isStopped: {
      steps += 1
      return steps > 9
    })
    guard case .stopped(let part, _) = outcome else {
      Issue.record("stopped on the way")
      return
    }
    #expect(part?.hasPrefix("fold") == true)
    _ = try session.run(isResumed: true)
    for name in ["model.safetensors", "config.json"] {
      #expect(
        try Data(contentsOf: whole.url.appendingPathComponent(name))
          == Data(contentsOf: parted.url.appendingPathComponent(name)), "\(name)")
    }
  }

  @Test func aSetTeachesOneNetwork() throws {
    let folder = try TemporaryFolder()
    let result = try Self.finished(Self.session(folder.url) { ($0.ensemble, $0.isDistilled) = (2, true) }.run())
    #expect(result.teacher != nil && result.members.count == 2)
    #expect(try Model(directory: folder.url).configuration.members == 1)
    let card = try String(contentsOf: folder.url.appendingPathComponent("MODEL_CARD.md"), encoding: .utf8)
    #expect(card.contains("It was taught by a set of 2"))
    #expect(TrainingSummary([result]).text.contains("Of the network that it taught: "))
    let (plain, other) = (try TemporaryFolder(), try TemporaryFolder())
    _ = try Self.session(plain.url) { $0.ensemble = 2 }.run()
    _ = try Self.session(other.url) { ($0.ensemble, $0.isDistilled) = (2, true) }.run()
    let (taught, again) = (try Model(directory: folder.url), try Model(directory: other.url))
    #expect(taught.digest == again.digest)
    let first = try Model(directory: plain.url).members[0].parameters.all.map(\.value.values)
    #expect(taught.network.parameters.all.map(\.value.values) != first)
  }

  @Test func withNothingHeldOutTheLastEpochIsKeptAndNothingIsClaimed() throws {
    let folder = try TemporaryFolder()
    let result = try Self.finished(Self.session(folder.url) { ($0.validationShare, $0.kept) = (0, .last) }.run())
    #expect(result.heldOut == nil)
    let configuration = try Model(directory: folder.url).configuration
    #expect(configuration.temperature == 1 && configuration.doubt == nil)
    #expect(TrainingSummary([result]).text.contains("Nothing was held out"))
  }

  @Test(arguments: [
    "folds hold every training dialogue out once", "there is no set to teach", "is not trained in folds",
    "nothing is held out to choose the epoch on", "an epoch cannot be chosen on the test data where folds",
    "the last epoch is to be kept, and the test data is to choose one",
  ])
  func whatCannotBeHadTogetherIsRefused(message: String) throws {
    var recipe = SmallDialogues.recipe
    var hasValidation = false
    switch message.prefix(4) {
    case "fold": (recipe.folds, hasValidation) = (3, true)
    case "ther": recipe.isDistilled = true
    case "is n": (recipe.isDistilled, recipe.ensemble, recipe.folds) = (true, 2, 2)
    case "the ": (recipe.kept, recipe.selectsOnTest) = (.last, true)
    case "noth": recipe.validationShare = 0
    default: (recipe.folds, recipe.selectsOnTest) = (2, true)
    }
    let validation = hasValidation ? try SmallDialogues.data(dialogues: 6, seed: 8) : nil
    let error = try #require(throws: TrainingError.self) {
      _ = try DialogueSplit(
        SmallDialogues.data(dialogues: 20, seed: 4), validation: validation,
        test: SmallDialogues.data(dialogues: 6, seed: 9), recipe: recipe, seed: 1)
    }
    #expect(error.description.contains(message))
  }

  @Test func aFoldThatLacksAClassIsNamed() throws {
    var bundle = SmallDialogues.bundle(dialogues: 6, seed: 4)
    // One dialogue alone has the class.
    for row in bundle.utterances.indices where bundle.utterances[row].label == 2 { bundle.utterances[row].label = 0 }
    bundle.utterances[0].label = 2
    var recipe = SmallDialogues.recipe
    recipe.folds = 3
    let data = try TrainingData([.init(name: "small", bundle: bundle)])
    let folder = try TemporaryFolder()
    let error = try #require(throws: TrainingError.self) {
      _ = try TrainingSession(
        name: "m", data: data, validation: nil, test: nil, recipe: recipe, seeds: [1], directory: folder.url)
    }
    #expect(error.description.contains("no utterance of the training data without fold "))
    #expect(error.description.contains("has the label angry"))
  }

  /// Dialogues of two people each, who come from so many circles that know nobody else.
  private static func circles(_ count: Int) throws -> TrainingData {
    var bundle = SmallDialogues.bundle(dialogues: 24, seed: 4)
    for (index, dialogue) in bundle.dialogues.enumerated() {
      for row in dialogue.rows { bundle.utterances[row].speaker = "\(index % count)-\(row % 2)" }
    }
    return try TrainingData([.init(name: "circles", bundle: bundle)])
  }

  @Test func heldOutBySpeakerNobodySpeaksOnBothSides() throws {
    let data = try Self.circles(8)
    func speakers(_ data: TrainingData) -> Set<String> { Set(data.bundle.utterances.map(\.speaker)) }
    let parts = try data.split(validationShare: 0.25, by: .speaker, seed: 2)
    #expect(speakers(parts.training).isDisjoint(with: speakers(parts.validation)))
    #expect(parts.validation.bundle.dialogues.count == 6 && parts.training.bundle.dialogues.count == 18)
    let folds = try data.folded(4, by: .speaker, seed: 2)
    for fold in folds {
      #expect(speakers(fold.training).isDisjoint(with: speakers(fold.heldOut)))
      #expect(fold.heldOut.bundle.dialogues.count == 6)
    }
    #expect(
      folds.flatMap { $0.heldOut.bundle.dialogues.map(\.id) }.sorted() == data.bundle.dialogues.map(\.id).sorted())
  }

  @Test func whereAllShareASpeakerThatIsSaid() throws {
    let error = try #require(throws: TrainingError.self) {
      _ = try Self.circles(1).split(validationShare: 0.25, by: .speaker, seed: 2)
    }
    #expect(
      error.description.contains("found 1 group of dialogues without a speaker in common, the largest of 24 of 24"))
    #expect(throws: TrainingError.self) { _ = try Self.circles(3).folded(4, by: .speaker, seed: 2) }
  }
}
