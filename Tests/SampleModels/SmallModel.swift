import AMBDSGDN
import DialogueDomain
import Tensors

/// A small network with random weights, and bundles for it.
///
/// It says nothing of its features' deviations, as models made elsewhere may.
package enum SmallModel {
  package static let configuration = ModelConfiguration(
    name: "small", emotions: EmotionSet(["calm", "joy", "anger"]),
    modalities: [
      .text: ModalityConfiguration(width: 6, extractor: "words/6"), .audio: ModalityConfiguration(width: 4),
    ], hidden: 16, encoderHeads: 4, window: 3, speakers: 2, temperature: 2)

  package static let model = Model(
    network: Network(configuration, ParameterSet(configuration, seed: 3)), digest: "model digest")

  /// Dialogues of the given lengths with random features; `missing` names rows without a modality.
  package static func bundle(
    _ lengths: [Int], missing: [Modality: Set<Int>] = [:], modalities: [Modality: Int] = [.text: 6, .audio: 4]
  ) -> FeatureBundle {
    let segments = Segments(lengths: lengths)
    let rows = segments.rows
    let features = modalities.map { modality, width in
      let absent = (0..<rows).map { missing[modality]?.contains($0) ?? false }
      let values = CounterBasedRandom.standardNormal(
        CounterBasedRandom.key(named: modality.rawValue), count: rows * width)
      return (
        modality,
        FeatureTable(
          width: width, values: values.enumerated().map { absent[$0.offset / width] ? 0 : $0.element }, missing: absent)
      )
    }
    return FeatureBundle(
      extractors: [.text: "words/6"], emotions: EmotionSet(["anger", "bliss"]),
      dialogues: segments.indices.map { Dialogue(id: "d\($0)", rows: segments[$0]) },
      utterances: (0..<rows).map {
        Utterance(id: "u\($0)", speaker: $0 % 3 == 0 ? "A" : "B", label: $0 % 2 == 0 ? 1 : nil)
      },
      features: Dictionary(uniqueKeysWithValues: features))
  }
}
