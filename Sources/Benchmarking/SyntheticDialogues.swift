import AMBDSGDN
import DialogueDomain
import Tensors

/// Dialogues of a given shape with random features, for measuring.
public enum SyntheticDialogues {
  /// Lengths like those of IEMOCAP's test set: 31 dialogues of 10 to 110 utterances, 1,623 in all.
  public static let iemocapTest = lengths(dialogues: 31, utterances: 1623, shortest: 10, longest: 110)

  /// Lengths like those of IEMOCAP's training set: 120 dialogues, 5,810 utterances.
  public static let iemocapTraining = lengths(dialogues: 120, utterances: 5810, shortest: 8, longest: 110)

  /// Lengths like those of MELD's training set: 1,038 dialogues, 9,989 utterances.
  public static let meldTraining = lengths(dialogues: 1038, utterances: 9989, shortest: 1, longest: 24)

  /// Lengths like those of MELD's test set: 280 dialogues, 2,610 utterances.
  public static let meldTest = lengths(dialogues: 280, utterances: 2610, shortest: 1, longest: 33)

  /// A bundle for a model of the given configuration; a function of its arguments alone.
  public static func bundle(_ lengths: [Int], for configuration: ModelConfiguration, seed: UInt64 = 1) -> FeatureBundle
  {
    let rows = lengths.reduce(0, +)
    var first = 0
    let dialogues = lengths.enumerated().map { index, length in
      defer { first += length }
      return Dialogue(id: "dialogue-\(index + 1)", rows: first..<first + length)
    }
    let features = configuration.modalities.map { modality, entry in
      let key = CounterBasedRandom.key(seed, CounterBasedRandom.key(named: modality.rawValue))
      return (
        modality,
        FeatureTable(
          width: entry.width, values: CounterBasedRandom.standardNormal(key, count: rows * entry.width),
          missing: [Bool](repeating: false, count: rows))
      )
    }
    let classes = configuration.emotions.count
    let labels = CounterBasedRandom.key(seed, CounterBasedRandom.key(named: "labels"))
    return FeatureBundle(
      dataset: "synthetic", emotions: configuration.emotions, dialogues: dialogues,
      utterances: dialogues.flatMap { dialogue in
        dialogue.rows.map { row in
          Utterance(
            id: "\(dialogue.id)#\(row - dialogue.rows.lowerBound)", speaker: row % 2 == 0 ? "F" : "M",
            label: Int(CounterBasedRandom.uniform(labels, UInt64(row)) * Double(classes)))
        }
      }, features: Dictionary(uniqueKeysWithValues: features))
  }

  /// Evenly spread lengths with the given total; the shortest and the longest keep theirs.
  private static func lengths(dialogues: Int, utterances: Int, shortest: Int, longest: Int) -> [Int] {
    var lengths = (0..<dialogues).map { shortest + (longest - shortest) * $0 / (dialogues - 1) }
    var index = 0
    while true {
      let missing = utterances - lengths.reduce(0, +)
      if missing == 0 { return lengths }
      index = index % (dialogues - 2) + 1
      lengths[index] = min(longest, max(shortest, lengths[index] + missing.signum()))
    }
  }
}
