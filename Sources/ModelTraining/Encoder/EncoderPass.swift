import AMBDSGDN
import Tensors
import TextEncoder

/// Some utterances of a step through the encoder and the linear head: forward, with the record of the way back.
///
/// Handed from one thread to the next between the parts of a step, never used by two at once.
final class EncoderPass: @unchecked Sendable {
  private let tape: GradientTape
  private let output: Variable
  /// The head's logits, a row an utterance [n, C].
  let logits: Matrix

  /// - Parameters:
  ///   - trained: the parameters whose gradients are wanted.
  ///   - key: of the dropout masks.
  init(
    _ sequences: ArraySlice<TokenSequence>, encoder: BertEncoder, head: LinearLayer, trained: [Parameter],
    key: UInt64, pool: BufferPool
  ) {
    tape = GradientTape(training: trained)
    let run = Computation(pool: pool, tape: tape, dropout: DropoutSource(key: key, firstRow: 0))
    let batch = TokenBatch(sequences)
    let means = run.means(encoder.hiddenStates(batch, run), over: batch.pooled)
    output = head(run.dropout(means, encoder.configuration.dropout), run)
    logits = output.value
  }

  /// Sends dL/dlogits back to every trained parameter.
  func backward(_ gradient: Matrix) {
    tape.backward(from: [(output, gradient)])
  }

  /// dL/dparameter from these utterances; nil where nothing depends on it.
  func gradient(of parameter: Parameter) -> Matrix? { tape.gradient(of: parameter) }
}
