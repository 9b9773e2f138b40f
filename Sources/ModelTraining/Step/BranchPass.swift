import AMBDSGDN
import DialogueDomain
import Tensors

/// One branch over one piece of a batch: forward, with the record of the way back.
///
/// Handed from one thread to the next between the parts of a step, never used by two at once.
final class BranchPass: @unchecked Sendable {
  let branch: ModalityBranch
  let piece: TrainingBatch.Piece
  private let pool: BufferPool
  private let key: UInt64?
  private let rates: DropoutRates
  private let tape = GradientTape()
  private let headTape = GradientTape()
  private var encoding: Variable?
  private var headInput: Variable?
  private var output: Variable?

  /// - Parameter key: of the step's dropout masks; nil in a step without dropout.
  init(_ branch: ModalityBranch, _ piece: TrainingBatch.Piece, pool: BufferPool, key: UInt64?, rates: DropoutRates) {
    self.branch = branch
    self.piece = piece
    self.pool = pool
    self.key = key.map { CounterBasedRandom.key($0, CounterBasedRandom.key(named: branch.modality.rawValue)) }
    self.rates = key == nil ? .none : rates
  }

  /// Everything up to what enters the head, recorded.
  ///
  /// - Parameter evaluatesHead: whether the head runs as well, unrecorded, to see how the modality does by itself.
  /// - Returns: those logits.
  func encode(_ features: Matrix, evaluatesHead: Bool) -> Matrix? {
    let run = Computation(pool: pool, tape: tape, dropout: dropout(part: 1))
    let value = branch.encoded(branch.projection(run.input(features), run), piece.batch, run, rates: rates)
    encoding = value
    guard evaluatesHead else { return nil }
    let unrecorded = Computation(pool: pool, dropout: dropout(part: 2))
    return branch.logits(unrecorded.input(value.value), unrecorded, rates: rates).value
  }

  /// The head's logits on the encoding with each row multiplied by its factor, recorded.
  func logits(factors: [Float]?) -> Matrix? {
    guard let encoding else { return nil }
    let run = Computation(pool: pool, tape: headTape, dropout: dropout(part: 3))
    let input = run.leaf(encoding.value)
    let output = branch.logits(factors.map { run.rowsScaled(input, by: $0) } ?? input, run, rates: rates)
    headInput = input
    self.output = output
    return output.value
  }

  /// Sends dL/dlogits back to every parameter.
  func backward(_ gradient: Matrix) {
    guard let output, let headInput, let encoding else { return }
    headTape.backward(from: [(output, gradient)])
    guard let gradient = headInput.gradient else { return }
    self.output = nil
    self.headInput = nil
    self.encoding = nil
    tape.backward(from: [(encoding, gradient)])
  }

  /// dL/dparameter from this piece; nil where the branch does not use the parameter.
  func gradient(of parameter: Parameter) -> Matrix? {
    tape.gradient(of: parameter) ?? headTape.gradient(of: parameter)
  }

  private func dropout(part: UInt64) -> DropoutSource? {
    key.map { DropoutSource(key: CounterBasedRandom.key($0, part), firstRow: piece.firstRow) }
  }
}
