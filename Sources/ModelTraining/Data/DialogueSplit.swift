/// What a training learns from, what chooses its epoch and what it is evaluated on: whole dialogues each.
public struct DialogueSplit: Sendable {
  /// What the network learns from.
  public let training: TrainingData
  /// What chooses the epoch; nil where nothing is held out of training, or folds are.
  public let validation: TrainingData?
  /// Data that chose nothing; nil where there is none.
  public let test: TrainingData?

  /// - Parameters:
  ///   - validation: where nil, a share of the data's dialogues, which the seed draws.
  ///   - test: takes validation's place where the recipe selects on it.
  /// - Throws: `TrainingError` where there are too few dialogues, or the parts do not fit each other or the recipe, or share
  ///   dialogues.
  public init(
    _ data: TrainingData, validation: TrainingData?, test: TrainingData?, recipe: TrainingRecipe, seed: UInt64
  ) throws {
    if let test {
      // Shows at once what would otherwise come to light after the last epoch.
      _ = try TrainingData([
        TrainingData.Source(name: "the training data", bundle: data.bundle),
        TrainingData.Source(name: "the test data", bundle: test.bundle),
      ])
    }
    try DialogueLeakage.refuse(
      [("training data", data)] + (validation.map { [("validation data", $0)] } ?? [])
        + (test.map { [("test data", $0)] } ?? []))
    try recipe.requireConsistent(hasValidation: validation != nil)
    if recipe.selectsOnTest {
      guard let test else {
        throw TrainingError.testData(
          problem: "the epoch is to be chosen on the test data, and there is none", remedy: "Add --test.")
      }
      guard validation == nil else {
        throw TrainingError.testData(
          problem: "the epoch cannot be chosen on test and validation data at once",
          remedy: "Leave out --validation or --select-on-test.")
      }
      (training, self.validation, self.test) = (data, test, nil)
    } else if let validation {
      (training, self.validation, self.test) = (data, validation, test)
    } else if recipe.folds > 1 || recipe.validationShare == 0 {
      (training, self.validation, self.test) = (data, nil, test)
    } else {
      let parts = try data.split(validationShare: recipe.validationShare, by: recipe.splitUnit, seed: seed)
      (training, self.validation, self.test) = (parts.training, parts.validation, test)
    }
  }

  /// What to know of the parts before believing figures, one sentence each: speakers who are in training, too.
  public var warnings: [String] {
    [("validation", validation), ("test", test)].compactMap { name, part in
      guard let part else { return nil }
      let (shared, total) = DialogueLeakage.sharedSpeakers(part, training)
      guard shared > 0 else { return nil }
      return
        "\(shared) of the \(total) speakers of the \(name) data speak in the training data, too: figures on it say how "
        + "well the model does on people whom it knows."
    }
  }

  /// What figures are reported on: the test data where there is any, else what chose the epoch, else nothing.
  public var evaluated: TrainingData { test ?? validation ?? training.selecting([]) }
}
