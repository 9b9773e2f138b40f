import Dialogue
import Numerics

extension Model {
  /// Some dialogues of a bundle as the network takes them: standardised features, speaker slots, missing rows cleared.
  ///
  /// A modality that the bundle lacks is absent from the batch; widths must have been checked before.
  public func batch(_ bundle: FeatureBundle, dialogues: Range<Int>) -> DialogueBatch {
    let chosen = bundle.dialogues[dialogues]
    let segments = Segments(lengths: chosen.map(\.rows.count))
    let rows = (chosen.first?.rows.lowerBound ?? 0)..<(chosen.last?.rows.upperBound ?? 0)
    var features: [Modality: Matrix] = [:]
    var missing: [Modality: [Bool]] = [:]
    for modality in configuration.modalityOrder {
      guard let table = bundle.features[modality] else { continue }
      let raw = Matrix(
        rows: rows.count, columns: table.width,
        table.values[(rows.lowerBound * table.width)..<(rows.upperBound * table.width)])
      let scaled = standardisation[modality]?(raw) ?? raw
      let absent = Array(table.missing[rows])
      if absent.contains(true) { missing[modality] = absent }
      // A missing row enters as the training mean: zero after standardisation.
      features[modality] = absent.contains(true) ? scaled.clearingRows(absent) : scaled
    }
    return DialogueBatch(
      segments: segments,
      speakers: chosen.flatMap { configuration.speakerSlots(of: bundle.utterances[$0.rows].map(\.speaker)) },
      features: features, missing: missing, window: configuration.window)
  }
}

extension ModelConfiguration {
  /// Each utterance's slot in the speaker embedding, for one dialogue.
  ///
  /// The k-th new speaker gets slot min(k, speakers − 1); a speaker whom the model fixes by name gets that slot.
  public func speakerSlots(of names: [String]) -> [Int] {
    var slots: [String: Int] = [:]
    var newcomers = 0
    return names.map { name in
      if let fixed = speakerSlots?[name] { return fixed }
      if let known = slots[name] { return known }
      let slot = min(newcomers, speakers - 1)
      newcomers += 1
      slots[name] = slot
      return slot
    }
  }
}
