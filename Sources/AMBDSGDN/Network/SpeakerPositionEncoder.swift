import DialogueDomain
import Tensors

/// The Transformer encoder of the audio and visual branches, told who speaks and when (Eqns 2–6).
struct SpeakerPositionEncoder: Sendable {
  private let layers: [TransformerLayer]
  private let speakerEmbedding: Parameter
  /// The embedding's last row is padding: zero, never trained.
  private let paddingSlot: Int
  private let positions: PositionTable

  init(_ modality: Modality, _ configuration: ModelConfiguration, _ parameters: ParameterSet, positions: PositionTable)
  {
    layers = (0..<configuration.encoderLayers).map {
      TransformerLayer(
        "\(TensorNames.encoder(modality)).transformer_inter.\($0)", parameters, index: $0,
        heads: configuration.encoderHeads, hidden: configuration.hidden)
    }
    speakerEmbedding = parameters[TensorNames.speakerEmbedding]
    paddingSlot = configuration.speakers
    self.positions = positions
  }

  /// x ← dropout(x + PE(i) + E_s[speaker]), then the layers; x [T, d].
  func callAsFunction(
    _ x: Variable, _ batch: DialogueBatch, _ run: Computation, dropout: Float, label: String
  ) -> Variable {
    let table =
      batch.segments.longest <= positions.rows.rows
      ? positions : PositionTable(count: batch.segments.longest, hidden: x.columns)
    let placed = run.addingRows(
      x, constant: table.rows, positions: batch.positions, table: run.variable(speakerEmbedding),
      slots: batch.speakers, untrained: paddingSlot)
    var x = run.dropout(placed, dropout)
    for layer in layers { x = layer(x, batch.segments, run, dropout: dropout, label: label) }
    return x
  }
}
