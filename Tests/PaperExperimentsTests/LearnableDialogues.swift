import AMBDSGDN
import DialogueDomain
import Foundation
import ModelTraining
import Tensors

/// Small labelled dialogues of growing length, and a recipe that trains on them in a moment.
enum LearnableDialogues {
  static func data(_ modalities: [Modality] = [.text, .audio], dialogues: Int = 12, seed: UInt64 = 1) throws
    -> TrainingData
  {
    let lengths = (0..<dialogues).map { 2 + $0 % 6 }
    var first = 0
    let ranges = lengths.enumerated().map { index, length in
      defer { first += length }
      return Dialogue(id: "\(seed)-\(index)", rows: first..<first + length)
    }
    let rows = lengths.reduce(0, +)
    let features = modalities.map { modality in
      let key = CounterBasedRandom.key(seed, CounterBasedRandom.key(named: modality.rawValue))
      let noise = CounterBasedRandom.standardNormal(key, count: rows * 3)
      return (
        modality,
        FeatureTable(
          width: 3, values: noise.indices.map { noise[$0] + ($0 % 3 == $0 / 3 % 2 ? 2 : 0) },
          missing: [Bool](repeating: false, count: rows))
      )
    }
    let bundle = FeatureBundle(
      emotions: EmotionSet(["calm", "angry"]), dialogues: ranges,
      utterances: (0..<rows).map { Utterance(id: "\($0)", speaker: $0 % 2 == 0 ? "A" : "B", label: $0 % 2) },
      features: Dictionary(uniqueKeysWithValues: features))
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
