import DialogueDomain
import Tensors

extension Model {
  /// Some dialogues of a bundle as the network takes them: standardised features, speaker slots, missing rows cleared.
  ///
  /// A modality that the bundle lacks is absent from the batch; widths must have been checked before.
  public func batch(_ bundle: FeatureBundle, dialogues: some Sequence<Int>) -> DialogueBatch {
    let chosen = dialogues.map { bundle.dialogues[$0] }
    let segments = Segments(lengths: chosen.map(\.rows.count))
    let runs = Self.runs(chosen.map(\.rows))
    var features: [Modality: Matrix] = [:]
    var missing: [Modality: [Bool]] = [:]
    for modality in configuration.modalityOrder {
      guard let table = bundle.features[modality] else { continue }
      let raw = Matrix(
        rows: segments.rows, columns: table.width,
        runs.flatMap { table.values[($0.lowerBound * table.width)..<($0.upperBound * table.width)] })
      let scaled = standardisation[modality]?(raw) ?? raw
      let absent = runs.flatMap { table.missing[$0] }
      if absent.contains(true) { missing[modality] = absent }
      // A missing row enters as the training mean: zero after standardisation.
      features[modality] = absent.contains(true) ? scaled.clearingRows(absent) : scaled
    }
    return DialogueBatch(
      segments: segments,
      speakers: chosen.flatMap { configuration.speakerSlots(of: bundle.utterances[$0.rows].map(\.speaker)) },
      features: features, missing: missing, window: configuration.window)
  }

  /// Row ranges joined where one ends as the next begins, so that neighbouring dialogues are copied at once.
  private static func runs(_ ranges: [Range<Int>]) -> [Range<Int>] {
    ranges.reduce(into: []) { runs, range in
      if let last = runs.last, last.upperBound == range.lowerBound {
        runs[runs.count - 1] = last.lowerBound..<range.upperBound
      } else {
        runs.append(range)
      }
    }
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
