import DialogueDomain
import Tensors

/// Labelled dialogues of two speakers whose features are noise around a mean that each class has of its own, so that a small
/// network can learn them; a function of the arguments alone.
///
/// - Parameters:
///   - lengths: utterances of each dialogue.
///   - labels: each utterance's class.
///   - features: for each modality its width, the key of its noise, and what its class's column is raised by.
///   - mean: of all features.
public func learnableBundle(
  dataset: String? = nil, emotions: EmotionSet, lengths: [Int], labels: [Int],
  features: [Modality: (width: Int, key: UInt64, strength: Float)], mean: Float = 0, prefix: String = ""
) -> FeatureBundle {
  var first = 0
  let dialogues = lengths.enumerated().map { index, length in
    defer { first += length }
    return Dialogue(id: "\(prefix)\(index)", rows: first..<first + length)
  }
  let rows = lengths.reduce(0, +)
  return FeatureBundle(
    dataset: dataset, emotions: emotions, dialogues: dialogues,
    utterances: (0..<rows).map { Utterance(id: "\($0)", speaker: $0 % 2 == 0 ? "A" : "B", label: labels[$0]) },
    features: features.mapValues { width, key, strength in
      let noise = CounterBasedRandom.standardNormal(key, count: rows * width)
      let values = noise.indices.map { index in
        mean + noise[index] + (index % width == labels[index / width] ? strength : 0)
      }
      return FeatureTable(width: width, values: values, missing: [Bool](repeating: false, count: rows))
    })
}
