import AMBDSGDN
import DialogueDomain
import Tensors

/// A small random model and bundles for it.
package enum TinyModel {
  package static func model(
    _ modalities: [Modality] = Modality.allCases, classes: Int = 4, seed: UInt64 = 5, noiseDeviation: Double? = 2
  ) -> Model {
    let widths: [Modality: Int] = [.text: 6, .visual: 5, .audio: 9]
    let configuration = ModelConfiguration(
      name: "tiny", emotions: EmotionSet((0..<classes).map { "class \($0)" }),
      modalities: modalities.reduce(into: [:]) { entries, modality in
        entries[modality] = ModalityConfiguration(
          width: widths[modality] ?? 1, noiseDeviation: noiseDeviation)
      }, hidden: 16, encoderHeads: 2, graphHeads: 2, window: 3, speakers: 2, temperature: 1.5)
    let standardisation =
      modalities.contains(.audio)
      ? [
        Modality.audio: Standardisation(
          mean: [Float](repeating: 0.25, count: 9), deviation: [Float](repeating: 2, count: 9))
      ]
      : [:]
    return Model(
      network: Network(configuration, ParameterSet(configuration, seed: seed)), standardisation: standardisation,
      digest: "model")
  }

  /// Dialogues of the given lengths; a third of the labels are unknown.
  package static func bundle(_ lengths: [Int], _ model: Model, missing: [Modality: Set<Int>] = [:]) -> FeatureBundle {
    let rows = lengths.reduce(0, +)
    var first = 0
    let dialogues = lengths.enumerated().map { index, length in
      defer { first += length }
      return Dialogue(id: "dialogue \(index)", rows: first..<first + length)
    }
    let classes = model.configuration.emotions
    return FeatureBundle(
      emotions: EmotionSet(classes.names.reversed()), dialogues: dialogues,
      utterances: (0..<rows).map {
        Utterance(id: "\($0)", speaker: "s\($0 % 3)", label: $0 % 3 == 2 ? nil : ($0 * 7) % classes.count)
      },
      features: model.configuration.modalities.reduce(into: [:]) { tables, entry in
        let (modality, width) = (entry.key, entry.value.width)
        let absent = (0..<rows).map { missing[modality]?.contains($0) == true }
        var values = CounterBasedRandom.standardNormal(
          CounterBasedRandom.key(9, CounterBasedRandom.key(named: modality.rawValue)), count: rows * width)
        for row in 0..<rows where absent[row] {
          values.replaceSubrange(row * width..<(row + 1) * width, with: repeatElement(0, count: width))
        }
        tables[modality] = FeatureTable(width: width, values: values, missing: absent)
      })
  }
}
