import DialogueDomain
import Foundation
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

/// Sinusoidal position encodings (Eqn 2): PE(i)₂ₖ = sin(i / 10000^(2k/d)), PE(i)₂ₖ₊₁ = cos of the same.
public struct PositionTable: Sendable {
  /// [positions, d].
  public let rows: Matrix

  /// - Parameters:
  ///   - count: positions 0 ..< count.
  ///   - hidden: d, even.
  public init(count: Int, hidden: Int) {
    // Single precision throughout, as in the published code; the angle grows with i, and so does its rounding.
    let frequencies = (0..<hidden / 2).map { Float(exp(Double(Float(2 * $0) * Float(-log(10000.0) / Double(hidden))))) }
    var values: [Float] = []
    values.reserveCapacity(count * hidden)
    for position in 0..<count {
      for frequency in frequencies {
        let angle = Double(Float(position) * frequency)
        values.append(Float(sin(angle)))
        values.append(Float(cos(angle)))
      }
    }
    rows = Matrix(rows: count, columns: hidden, values)
  }
}

/// One encoder layer: self-attention over the dialogue, then a feed-forward part, each with a residual (Eqns 3–6).
///
/// As in the published code, the first layer does not normalise before its attention; later layers do.
struct TransformerLayer: Sendable {
  private let query: LinearLayer
  private let key: LinearLayer
  private let value: LinearLayer
  private let output: LinearLayer
  private let expansion: LinearLayer
  private let contraction: LinearLayer
  private let feedForwardNorm: LayerNorm
  private let attentionNorm: LayerNorm?
  private let heads: Int
  private let queryScale: Float

  init(_ name: String, _ parameters: ParameterSet, index: Int, heads: Int, hidden: Int) {
    query = LinearLayer("\(name).self_attn.linear_q", parameters)
    key = LinearLayer("\(name).self_attn.linear_k", parameters)
    value = LinearLayer("\(name).self_attn.linear_v", parameters)
    output = LinearLayer("\(name).self_attn.linear", parameters)
    expansion = LinearLayer("\(name).feed_forward.w_1", parameters)
    contraction = LinearLayer("\(name).feed_forward.w_2", parameters)
    feedForwardNorm = LayerNorm("\(name).feed_forward", parameters, epsilon: Self.epsilon)
    attentionNorm = index == 0 ? nil : LayerNorm(name, parameters, epsilon: Self.epsilon)
    self.heads = heads
    queryScale = 1 / Float(hidden / heads).squareRoot()
  }

  private static let epsilon: Float = 1e-6

  /// y = x + dropout(attention(x)), z = y + dropout(w₂(dropout(gelu(w₁(LN(y)))))); all [T, d].
  func callAsFunction(
    _ x: Variable, _ segments: Segments, _ run: Computation, dropout: Float, label: String
  ) -> Variable {
    let input = attentionNorm.map { $0(x, run) } ?? x
    let q = run.scaled(query(input, run), by: queryScale)
    let k = key(input, run)
    let attended = run.selfAttention(
      q: q, k: k, v: value(input, run), heads: heads, segments: segments, dropout: dropout)
    run.traceAttention("att_enc_\(label)", q: q, k: k, heads: heads, segments: segments)
    let y = run.add(x, run.dropout(output(attended, run), dropout))
    let widened = run.dropout(run.geluTanh(expansion(feedForwardNorm(y, run), run)), dropout)
    return run.add(y, run.dropout(contraction(widened, run), dropout))
  }
}
