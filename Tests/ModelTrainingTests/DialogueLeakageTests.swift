import DialogueDomain
import SampleModels
import TestDialogues
import Testing

@testable import ModelTraining

/// Dialogues and speakers in two parts of the data at once.
struct DialogueLeakageTests {
  private func data(dialogues: Range<Int>, named prefix: String = "d", by speakers: [String] = ["A", "B"])
    -> TrainingData
  {
    let rows = dialogues.flatMap { dialogue in (0..<3).map { Float(dialogue * 10 + $0) } }
    let bundle = FeatureBundle(
      emotions: EmotionSet(["calm", "angry"]),
      dialogues: dialogues.enumerated().map { Dialogue(id: "\(prefix)\($1)", rows: ($0 * 3)..<($0 * 3 + 3)) },
      utterances: rows.indices.map { Utterance(id: "\($0)", speaker: speakers[$0 % 2], label: Int(rows[$0]) % 2) },
      features: [.text: FeatureTable(width: 1, values: rows, missing: rows.map { _ in false })])
    return TrainingData(bundle: bundle, emotions: EmotionSet(["calm", "angry"]))
  }

  private func split(validation: TrainingData?, test: TrainingData?) throws -> DialogueSplit {
    try DialogueSplit(
      data(dialogues: 0..<6), validation: validation, test: test, recipe: TrainingRecipe(.meld), seed: 1)
  }

  @Test func aCopyUnderAnotherNameIsRefused() throws {
    let error = try #require(throws: TrainingError.self) {
      try split(validation: nil, test: data(dialogues: 4..<9, named: "copy"))
    }
    #expect(error.explanation.what == "the test data holds dialogues of the training data")
    #expect(error.explanation.found == "2 of 5 with the same features and labels, such as copy4")
  }

  @Test func validationAndTestMustDifferToo() throws {
    let error = try #require(throws: TrainingError.self) {
      try split(validation: data(dialogues: 10..<12), test: data(dialogues: 11..<14))
    }
    #expect(error.explanation.what == "the test data holds dialogues of the validation data")
  }

  @Test func sharedSpeakersAreCountedAndOthersAreNot() throws {
    let known = try split(validation: data(dialogues: 10..<12), test: data(dialogues: 12..<14, by: ["A", "Z"]))
    #expect(known.warnings.count == 2 && known.warnings[1].hasPrefix("1 of the 2 speakers of the test data"))
    let strangers = try split(validation: data(dialogues: 10..<12, by: ["X", "Y"]), test: nil)
    #expect(strangers.warnings.isEmpty)
  }
}
