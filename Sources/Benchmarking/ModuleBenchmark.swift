import AMBDSGDN
import DialogueDomain
import Tensors

/// Measures each module of each branch by itself, on one thread: what it costs to score and to train.
public struct ModuleBenchmark: Sendable {
  /// One module of one branch.
  public struct Row: Sendable {
    /// The module.
    public let module: BranchModule
    /// The branch.
    public let modality: Modality
    /// Trained weights.
    public let parameters: Int
    /// Seconds of each repetition, forward over all dialogues as scoring does it.
    public internal(set) var forward: [Double] = []
    /// Seconds of each repetition, forward and back over all dialogues as training does it.
    public internal(set) var training: [Double] = []
  }

  private let model: Model
  private let bundle: FeatureBundle
  private let rates: DropoutRates
  private let repetitions: Int

  /// - Parameter repetitions: to measure; one more is run first.
  public init(_ model: Model, bundle: FeatureBundle, rates: DropoutRates, repetitions: Int) {
    self.model = model
    self.bundle = bundle
    self.rates = rates
    self.repetitions = repetitions
  }

  /// - Parameter observe: told how many of how many passes over a piece are done.
  /// - Returns: nil where it was asked to stop.
  public func run(
    isStopped: () -> Bool = { false }, observe: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) -> [Row]? {
    let batches = BranchInference.pieces(bundle.dialogues).map { model.batch(bundle, dialogues: $0) }
    let pool = BufferPool()
    var rows: [Row] = []
    for branch in model.network.branches where bundle.features[branch.modality] != nil {
      for module in BranchModule.allCases where branch.has(module) {
        rows.append(
          Row(
            module: module, modality: branch.modality,
            parameters: model.configuration.parameterCount(of: module, branch.modality)))
      }
    }
    for repetition in 0...repetitions {
      var (forward, training) = ([Double](repeating: 0, count: rows.count), [Double](repeating: 0, count: rows.count))
      for (index, batch) in batches.enumerated() {
        if isStopped() { return nil }
        var inputs: [Modality: Matrix] = batch.features
        for (place, row) in rows.enumerated() {
          guard let input = inputs[row.modality], let branch = model.network.branch(row.modality) else { continue }
          let step = Step(branch: branch, module: row.module, batch: batch, pool: pool, rates: rates)
          var output = input
          forward[place] += measured { output = step.forward(input) }
          training[place] += measured { step.forwardAndBack(input, key: UInt64(index)) }
          inputs[row.modality] = output
        }
        observe(repetition * batches.count + index + 1, (repetitions + 1) * batches.count)
      }
      guard repetition > 0 else { continue }
      for place in rows.indices {
        rows[place].forward.append(forward[place])
        rows[place].training.append(training[place])
      }
    }
    return rows
  }

  /// One module on one piece.
  private struct Step {
    let branch: ModalityBranch
    let module: BranchModule
    let batch: DialogueBatch
    let pool: BufferPool
    let rates: DropoutRates

    func forward(_ input: Matrix) -> Matrix {
      let run = Computation(pool: pool)
      return branch(module, run.input(input), batch, run).value
    }

    /// Features get no gradient, as in training.
    func forwardAndBack(_ input: Matrix, key: UInt64) {
      let tape = GradientTape()
      let run = Computation(pool: pool, tape: tape, dropout: DropoutSource(key: key, firstRow: 0))
      let x = module == .projection ? run.input(input) : run.leaf(input)
      let y = branch(module, x, batch, run, rates: rates)
      tape.backward(from: [(y, y.value)])
    }
  }
}
