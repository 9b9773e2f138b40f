import AMBDSGDN
import Tensors

/// One Transformer layer of BERT: self-attention within each sequence, then a feed-forward part.
///
/// Each is followed by dropout, a residual and a norm (Devlin and others 2019, after Vaswani and others 2017).
struct BertLayer: Sendable {
  private let query: AdaptableLayer
  private let key: AdaptableLayer
  private let value: AdaptableLayer
  private let attentionOutput: AdaptableLayer
  private let attentionNorm: BertLayerNorm
  private let expansion: AdaptableLayer
  private let contraction: AdaptableLayer
  private let outputNorm: BertLayerNorm
  private let configuration: EncoderConfiguration

  /// - Parameter name: `encoder.layer.<n>`.
  init(_ name: String, _ parameters: ParameterSet, _ configuration: EncoderConfiguration) {
    query = AdaptableLayer("\(name).attention.self.query", parameters)
    key = AdaptableLayer("\(name).attention.self.key", parameters)
    value = AdaptableLayer("\(name).attention.self.value", parameters)
    attentionOutput = AdaptableLayer("\(name).attention.output.dense", parameters)
    attentionNorm = BertLayerNorm("\(name).attention.output.LayerNorm", parameters, configuration)
    expansion = AdaptableLayer("\(name).intermediate.dense", parameters)
    contraction = AdaptableLayer("\(name).output.dense", parameters)
    outputNorm = BertLayerNorm("\(name).output.LayerNorm", parameters, configuration)
    self.configuration = configuration
  }

  /// y = LN(x + dropout(attention(x))), z = LN(y + dropout(W₂ gelu(W₁ y))); all [T, d].
  func callAsFunction(_ x: Variable, _ segments: Segments, _ run: Computation) -> Variable {
    let y = attentionNorm(run.add(x, run.dropout(attention(x, segments, run), configuration.dropout)), run)
    return outputNorm(run.add(y, run.dropout(feedForward(y, run), configuration.dropout)), run)
  }

  /// Every token over all tokens of its own sequence: softmax(q kᵀ / √d_k) v for each head, joined by the output layer.
  private func attention(_ x: Variable, _ segments: Segments, _ run: Computation) -> Variable {
    let headWidth = configuration.hidden / configuration.heads
    let attended = run.selfAttention(
      q: run.scaled(query(x, run), by: 1 / Float(headWidth).squareRoot()), k: key(x, run), v: value(x, run),
      heads: configuration.heads, segments: segments, dropout: configuration.attentionDropout)
    return attentionOutput(attended, run)
  }

  private func feedForward(_ y: Variable, _ run: Computation) -> Variable {
    let widened = expansion(y, run)
    switch configuration.activation {
    case .gelu: return contraction(run.geluErf(widened), run)
    case .geluTanh: return contraction(run.geluTanh(widened), run)
    }
  }
}

/// A layer norm under BERT's names.
struct BertLayerNorm: Sendable {
  private let weight: Parameter
  private let bias: Parameter
  private let epsilon: Float

  init(_ name: String, _ parameters: ParameterSet, _ configuration: EncoderConfiguration) {
    weight = parameters["\(name).weight"]
    bias = parameters["\(name).bias"]
    epsilon = configuration.layerNormEpsilon
  }

  func callAsFunction(_ x: Variable, _ run: Computation) -> Variable {
    run.layerNormalised(x, weight: run.variable(weight), bias: run.variable(bias), epsilon: epsilon)
  }
}
