import AMBDSGDN
import DialogueDomain
import EvaluationStatistics
import Tensors

/// One pass of a batch forward and back: losses, and the gradient of every parameter.
///
/// Pieces and branches run side by side; their gradients are handed on part by part, to be summed in a fixed order. So
/// equal keys give equal bytes whatever the number of threads.
public struct TrainingStep: Sendable {
  /// How modalities are dropped in a step.
  public enum Dropping: Sendable {
    /// Not at all: the epochs before balancing starts.
    case none
    /// By masks drawn with the batch's own drop probabilities.
    case balanced(ModalityBalancing)
    /// By a mask given from outside; performances and probabilities are computed nonetheless.
    case given(ModalityMask, ModalityBalancing)
  }

  /// What a step found.
  public struct Result: Sendable {
    /// The batch's losses.
    public let loss: TrainingLoss.Value
    /// p_m; empty before balancing starts.
    public let performance: [Modality: Double]
    /// q_m; empty before balancing starts.
    public let probabilities: [Modality: Double]
    /// What was dropped; nil before balancing starts.
    public let mask: ModalityMask?
    /// For each parameter, in the network's order, the parts of its gradient; none where the loss does not depend on it.
    public let gradients: [[Matrix]]

    /// One parameter's gradient, in the shape in which it is held.
    public func gradient(_ index: Int) -> Matrix? {
      Matrix.sum(gradients[index])
    }
  }

  private let network: Network
  private let loss: TrainingLoss
  private let rates: DropoutRates
  private let threads: Int
  private let pool = BufferPool()

  /// Steps of one network.
  ///
  /// - Parameter rates: of dropout; a step without a key has none.
  public init(_ network: Network, loss: TrainingLoss, rates: DropoutRates, threads: Int) {
    self.network = network
    self.loss = loss
    self.rates = rates
    self.threads = threads
  }

  /// - Parameter key: of all random draws of the step; nil switches dropout off.
  /// - Returns: nil where the batch has no row to learn from.
  /// - Throws: `CancellationError` where the calling task is cancelled.
  public func callAsFunction(_ batch: TrainingBatch, key: UInt64?, dropping: Dropping = .none) throws -> Result? {
    let passes = passes(batch, key: key)
    let balancing = batch.modalities.count > 1 ? dropping.balancing : nil
    let ownLogits = try Parallel.map(count: passes.count, threads: threads) { index -> Matrix? in
      let pass = passes[index]
      guard let features = pass.piece.batch.features[pass.branch.modality] else { return nil }
      return pass.encode(features, evaluatesHead: balancing != nil)
    }
    var performance: [Modality: Double] = [:]
    var probabilities: [Modality: Double] = [:]
    var mask: ModalityMask?
    if let balancing {
      performance = joined(ownLogits, passes, batch).reduce(into: [:]) { found, entry in
        found[entry.key] = balancing.performance(Self.counts(entry.value, batch, missing: batch.missing[entry.key]))
      }
      probabilities = balancing.dropProbabilities(performance)
      mask = dropping.mask(probabilities, dialogues: batch.dialogues, key: key ?? 0)
    }
    let drawn = mask
    let outputs = try Parallel.map(count: passes.count, threads: threads) { index -> Matrix? in
      let pass = passes[index]
      return pass.logits(factors: drawn.map { Self.factors($0, pass, batch) })
    }
    let labels = batch.labels.indices.map { row in
      drawn?.isLeft(dialogue: batch.dialogueOfRow[row]) == false ? nil : batch.labels[row]
    }
    let outcome = loss(
      joined(outputs, passes, batch), missing: batch.missing, labels: labels, teaching: batch.teaching)
    guard let value = outcome else { return nil }
    _ = try Parallel.map(count: passes.count, threads: threads) { index in
      let pass = passes[index]
      guard let gradient = value.gradients[pass.branch.modality] else { return }
      pass.backward(gradient.rows(pass.piece.firstRow..<pass.piece.firstRow + pass.piece.batch.rows))
    }
    let ordered = passes.sorted { $0.piece.firstRow < $1.piece.firstRow }
    let gradients = network.parameters.all.map { parameter in ordered.compactMap { $0.gradient(of: parameter) } }
    return Result(
      loss: value, performance: performance, probabilities: probabilities, mask: mask, gradients: gradients)
  }

  /// Every piece of every branch that it has features for, the branches with encoders first: they take longer.
  private func passes(_ batch: TrainingBatch, key: UInt64?) -> [BranchPass] {
    let branches = network.branches.sorted { $0.modality > $1.modality }
    return branches.flatMap { branch in
      batch.pieces.filter { $0.batch.features[branch.modality] != nil }.map {
        BranchPass(branch, $0, pool: pool, key: key, rates: rates)
      }
    }
  }

  /// Each branch's logits [T, C] over the whole batch; zero where a piece lacks the modality.
  private func joined(_ parts: [Matrix?], _ passes: [BranchPass], _ batch: TrainingBatch) -> [Modality: Matrix] {
    let classes = network.configuration.emotions.count
    var values: [Modality: [Float]] = [:]
    for (part, pass) in zip(parts, passes) {
      guard let part else { continue }
      let first = pass.piece.firstRow * classes
      var all = values.removeValue(forKey: pass.branch.modality) ?? [Float](repeating: 0, count: batch.rows * classes)
      part.withElements { all.replaceSubrange(first..<first + $0.count, with: $0) }
      values[pass.branch.modality] = all
    }
    return values.mapValues { Matrix(rows: batch.rows, columns: classes, $0) }
  }

  private static func factors(_ mask: ModalityMask, _ pass: BranchPass, _ batch: TrainingBatch) -> [Float] {
    (0..<pass.piece.batch.rows).map { row in
      mask.factor(pass.branch.modality, dialogue: batch.dialogueOfRow[pass.piece.firstRow + row])
    }
  }

  /// Labels against the most likely class of one branch, the first of equals, over the rows that have both.
  private static func counts(_ logits: Matrix, _ batch: TrainingBatch, missing: [Bool]?) -> ConfusionCounts {
    var counts = ConfusionCounts(classes: logits.columns)
    logits.withElements { values in
      for (row, label) in batch.labels.enumerated() {
        guard let label, missing?[row] != true else { continue }
        counts.add(truth: label, predicted: argmax(values[row * logits.columns..<(row + 1) * logits.columns]))
      }
    }
    return counts
  }
}

extension TrainingStep.Dropping {
  var balancing: ModalityBalancing? {
    switch self {
    case .none: nil
    case .balanced(let balancing), .given(_, let balancing): balancing
    }
  }

  func mask(_ probabilities: [Modality: Double], dialogues: Int, key: UInt64) -> ModalityMask? {
    switch self {
    case .none: nil
    case .balanced(let balancing):
      balancing.mask(probabilities, dialogues: dialogues, key: CounterBasedRandom.key(key, 4))
    case .given(let mask, _): mask
    }
  }
}
