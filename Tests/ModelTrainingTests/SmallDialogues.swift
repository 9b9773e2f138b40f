import AMBDSGDN
import DialogueDomain
import Foundation
import Tensors

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
    let rows = lengths.reduce(0, +)
    var first = 0
    let ranges = lengths.enumerated().map { index, length in
      defer { first += length }
      return Dialogue(id: "d\(index)", rows: first..<first + length)
    }
    let labels = (0..<rows).map {
      Int(CounterBasedRandom.uniform(CounterBasedRandom.key(seed, 1), UInt64($0)) * Double(emotions.count))
    }
    func features(_ width: Int, _ strength: Float, _ key: UInt64) -> FeatureTable {
      let noise = CounterBasedRandom.standardNormal(CounterBasedRandom.key(seed, key), count: rows * width)
      let values = noise.indices.map { index in
        3 + noise[index] + (index % width == labels[index / width] ? strength : 0)
      }
      return FeatureTable(width: width, values: values, missing: [Bool](repeating: false, count: rows))
    }
    return FeatureBundle(
      dataset: "small", extractors: extractor.map { [.text: $0] } ?? [:], emotions: emotions, dialogues: ranges,
      utterances: (0..<rows).map { Utterance(id: "u\($0)", speaker: $0 % 2 == 0 ? "A" : "B", label: labels[$0]) },
      features: [.text: features(textWidth, 3, 2), .audio: features(audioWidth, 1, 3)])
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
