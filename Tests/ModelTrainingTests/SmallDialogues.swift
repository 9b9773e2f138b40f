import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors
import TestDialogues

@testable import ModelTraining

/// Small labelled dialogues that a small network can learn, and a folder to train in.
enum SmallDialogues {
  static let emotions = EmotionSet(["calm", "glad", "angry"])

  /// Each class has its own mean in text and, less clearly, in audio.
  static func bundle(
    dialogues: Int, seed: UInt64, textWidth: Int = 6, audioWidth: Int = 4, emotions: EmotionSet = emotions,
    extractor: String? = nil
  ) -> FeatureBundle {
    let lengths = (0..<dialogues).map { 3 + $0 % 5 }
    let labels = (0..<lengths.reduce(0, +)).map {
      Int(CounterBasedRandom.uniform(CounterBasedRandom.key(seed, 1), UInt64($0)) * Double(emotions.count))
    }
    func key(_ part: UInt64) -> UInt64 { CounterBasedRandom.key(seed, part) }
    var bundle = learnableBundle(
      dataset: "small", emotions: emotions, lengths: lengths, labels: labels,
      features: [.text: (textWidth, key(2), 3), .audio: (audioWidth, key(3), 1)], mean: 3, prefix: "d")
    bundle.extractors[.text] = extractor
    return bundle
  }

  static func data(dialogues: Int, seed: UInt64) throws -> TrainingData {
    try TrainingData([.init(name: "small", bundle: bundle(dialogues: dialogues, seed: seed))])
  }

  /// A recipe that learns them in a few seconds of a debug build.
  static var recipe: TrainingRecipe {
    var recipe = TrainingRecipe(.meld)
    recipe.hidden = 16
    recipe.encoderHeads = 2
    recipe.speakers = 2
    recipe.window = 3
    recipe.learningRate = 3e-3
    recipe.batchDialogues = 8
    recipe.epochs = 3
    return recipe
  }

  static func trainer(_ recipe: TrainingRecipe = recipe, seed: UInt64 = 1, threads: Int = 2) throws -> Trainer {
    try Trainer(
      name: "small", training: data(dialogues: 30, seed: 4), validation: data(dialogues: 10, seed: 5),
      recipe: recipe, seed: seed, threads: threads)
  }
}

/// Three rows of two logits.
func threeRows(_ values: [Float]) -> Matrix { Matrix(rows: 3, columns: 2, values) }
