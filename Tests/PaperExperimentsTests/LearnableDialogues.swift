import AMBDSGDN
import DialogueDomain
import Foundation
import ModelTraining
import Tensors
import TestDialogues

/// Small labelled dialogues of growing length, and a recipe that trains on them in a moment.
enum LearnableDialogues {
  static func data(_ modalities: [Modality] = [.text, .audio], dialogues: Int = 12, seed: UInt64 = 1) throws
    -> TrainingData
  {
    let lengths = (0..<dialogues).map { 2 + $0 % 6 }
    let features = modalities.map { modality in
      (modality, (3, CounterBasedRandom.key(seed, CounterBasedRandom.key(named: modality.rawValue)), Float(2)))
    }
    let bundle = learnableBundle(
      emotions: EmotionSet(["calm", "angry"]), lengths: lengths, labels: (0..<lengths.reduce(0, +)).map { $0 % 2 },
      features: Dictionary(uniqueKeysWithValues: features), prefix: "\(seed)-")
    return try TrainingData([TrainingData.Source(name: "small", bundle: bundle)])
  }

  static func split(_ modalities: [Modality] = [.text, .audio]) throws -> DialogueSplit {
    try DialogueSplit(
      data(modalities), validation: data(modalities, dialogues: 6, seed: 2),
      test: data(modalities, dialogues: 6, seed: 3), recipe: recipe, seed: 1)
  }

  static var recipe: TrainingRecipe {
    var recipe = TrainingRecipe(.meld)
    recipe.hidden = 16
    recipe.encoderHeads = 2
    recipe.window = 3
    recipe.speakers = 2
    recipe.learningRate = 1e-3
    recipe.batchDialogues = 6
    recipe.epochs = 2
    return recipe
  }
}
