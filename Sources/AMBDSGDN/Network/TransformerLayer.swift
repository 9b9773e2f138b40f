import Tensors

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
