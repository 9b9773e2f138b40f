import AMBDSGDN
import Tensors

/// BERT as a sentence encoder: embeddings, N Transformer layers, the mean over a text's tokens, unit norm.
///
/// Written once, for training and inference: a computation with a tape gives gradients, one without keeps nothing. A
/// text's result does not depend on the other texts of the batch, to the last bit.
///
///     let run = Computation()
///     let embeddings = encoder.embeddings(TokenBatch(sequences), run)     // [sequences, d]
public struct BertEncoder: Sendable {
  /// The network's sizes.
  public let configuration: EncoderConfiguration
  /// Its weights under their published names.
  public let parameters: ParameterSet
  private let wordEmbeddings: Parameter
  private let positionEmbeddings: Parameter
  private let typeEmbeddings: Parameter
  private let embeddingNorm: BertLayerNorm
  private let layers: [BertLayer]

  /// - Parameter parameters: those of `configuration.tensors`.
  public init(_ configuration: EncoderConfiguration, _ parameters: ParameterSet) {
    self.configuration = configuration
    self.parameters = parameters
    wordEmbeddings = parameters["embeddings.word_embeddings.weight"]
    positionEmbeddings = parameters["embeddings.position_embeddings.weight"]
    typeEmbeddings = parameters["embeddings.token_type_embeddings.weight"]
    embeddingNorm = BertLayerNorm("embeddings.LayerNorm", parameters, configuration)
    layers = (0..<configuration.layers).map { BertLayer("encoder.layer.\($0)", parameters, configuration) }
  }

  /// One row a sequence: the mean of its pooled tokens' last hidden states, divided by its norm. [sequences, d]
  public func embeddings(_ batch: TokenBatch, _ run: Computation) -> Variable {
    run.unitNormalised(run.means(hiddenStates(batch, run), over: batch.pooled))
  }

  /// The last layer's hidden states, a row a token [T, d]; the trace gets `hidden0` (embeddings) to `hidden<N>`.
  public func hiddenStates(_ batch: TokenBatch, _ run: Computation) -> Variable {
    var x = tokenEmbeddings(batch, run)
    run.trace("hidden0", x)
    for (index, layer) in layers.enumerated() {
      x = layer(x, batch.segments, run)
      run.trace("hidden\(index + 1)", x)
    }
    return x
  }

  /// dropout(LN(word + type + position)), a row a token [T, d].
  private func tokenEmbeddings(_ batch: TokenBatch, _ run: Computation) -> Variable {
    let words = run.gathered(run.variable(wordEmbeddings), rows: batch.ids)
    let types = run.gathered(run.variable(typeEmbeddings), rows: batch.types)
    let positions = run.gathered(run.variable(positionEmbeddings), rows: batch.positions)
    let sum = run.add(run.add(words, types), positions)
    return run.dropout(embeddingNorm(sum, run), configuration.dropout)
  }
}
