import DialogueDomain

/// The published state_dict's names for the parts of each branch.
enum TensorNames {
  static let speakerEmbedding = "speaker_embeddings.weight"

  static func projection(_ modality: Modality) -> String {
    switch modality {
    case .text: "textf_input"
    case .visual: "visuf_input"
    case .audio: "acouf_input"
    }
  }

  /// The Transformer of a branch that has one.
  static func encoder(_ modality: Modality) -> String { "\(modality.letter)_\(modality.letter)" }

  static func gate(_ modality: Modality) -> String { "\(modality.letter)gate.gate.0" }

  static func interSpeakerGraph(_ modality: Modality) -> String { "gat\(modality.letter.uppercased())er" }

  static func intraSpeakerGraph(_ modality: Modality) -> String { "gat\(modality.letter.uppercased())" }

  static func head(_ modality: Modality) -> String { "\(modality.letter)_output_layer.2" }

  static func normalisationMean(_ modality: Modality) -> String { "normalisation.\(modality.rawValue).mean" }

  static func normalisationDeviation(_ modality: Modality) -> String {
    "normalisation.\(modality.rawValue).deviation"
  }
}

extension Modality {
  /// The one-letter name of the paper: t, v, a.
  public var letter: String { String(rawValue.prefix(1)) }
}
