import DialogueDomain
import Foundation
import Tensors

/// The training objective (Eqns 31–33) of one batch, and its gradient by every branch's logits.
///
/// Each L is Σ w_y · nll / Σ w_y over the rows that have a label; the whole is L_fusion + Σ_m L_m · (L_m / 10), with the
/// gradient through both factors, so that dL/dL_m = L_m / 5.
public struct TrainingLoss: Sendable {
  /// One weight a class; nil weights all rows alike.
  public let classWeights: [Float]?
  /// ε of label smoothing: the target is 1 − ε on the label plus ε / C on every class; 0 is the published loss.
  public let labelSmoothing: Double

  /// How much of each target a set's probabilities are, where a set teaches; the label is the rest.
  public static let teachingShare = 0.5

  /// A loss of these weights and smoothing.
  public init(classWeights: [Float]? = nil, labelSmoothing: Double = 0) {
    self.classWeights = classWeights
    self.labelSmoothing = labelSmoothing
  }

  /// The losses of a batch and where gradients start.
  public struct Value: Sendable {
    /// L_fusion + Σ_m L_m²/10.
    public let total: Double
    /// L_fusion.
    public let fusion: Double
    /// L_m of each branch that ran.
    public let branches: [Modality: Double]
    /// dL/dlogits of each branch [T, C].
    public let gradients: [Modality: Matrix]
  }

  /// - Parameters:
  ///   - logits: [T, C] of each branch that ran.
  ///   - missing: rows that lack a modality: they count neither in its own loss nor in the fused logits.
  ///   - labels: T entries; nil leaves the row out.
  ///   - teaching: a set's probabilities, [T · C], of which half of each target is made; nil where labels alone teach.
  /// - Returns: nil where no row is left to learn from.
  public func callAsFunction(
    _ logits: [Modality: Matrix], missing: [Modality: [Bool]] = [:], labels: [Int?], teaching: [Float]? = nil
  ) -> Value? {
    guard let classes = logits.values.first?.columns, labels.contains(where: { $0 != nil }) else { return nil }
    let rows = labels.count
    let order = logits.keys.sorted()
    var fused = [Double](repeating: 0, count: rows * classes)
    for modality in order {
      logits[modality]?.withElements { values in
        for row in 0..<rows where missing[modality]?[row] != true {
          for index in row * classes..<(row + 1) * classes { fused[index] += Double(values[index]) }
        }
      }
    }
    // A row that lacks every modality says nothing of the network.
    let fusedLabels = labels.indices.map { row in
      order.contains { missing[$0]?[row] != true } ? labels[row] : nil
    }
    let fusion = negativeLogLikelihood(fused, classes: classes, labels: fusedLabels, teaching)
    guard fusion.weight > 0 else { return nil }
    var total = fusion.loss
    var branches: [Modality: Double] = [:]
    var gradients: [Modality: Matrix] = [:]
    for modality in order {
      guard let values = logits[modality]?.values.map(Double.init) else { continue }
      let present = labels.indices.map { missing[modality]?[$0] == true ? nil : labels[$0] }
      let own = negativeLogLikelihood(values, classes: classes, labels: present, teaching)
      total += own.loss * own.loss / 10
      branches[modality] = own.loss
      let factor = own.loss / 5
      let gradient = (0..<rows * classes).map { index in
        missing[modality]?[index / classes] == true
          ? 0 : Float(fusion.gradient[index] + factor * own.gradient[index])
      }
      gradients[modality] = Matrix(rows: rows, columns: classes, gradient)
    }
    return Value(total: total, fusion: fusion.loss, branches: branches, gradients: gradients)
  }

  /// Σ w nll / Σ w of one classifier's logits [T, C], and its gradient by each; nil where no row has a label.
  func crossEntropy(_ logits: Matrix, labels: [Int?]) -> (loss: Double, gradient: Matrix)? {
    let found = negativeLogLikelihood(logits.values.map(Double.init), classes: logits.columns, labels: labels, nil)
    guard found.weight > 0 else { return nil }
    return (
      found.loss, Matrix(rows: logits.rows, columns: logits.columns, found.gradient.map(Float.init))
    )
  }

  /// Σ w nll / Σ w, its gradient by each logit, and Σ w.
  private func negativeLogLikelihood(
    _ logits: [Double], classes: Int, labels: [Int?], _ teaching: [Float]?
  ) -> (loss: Double, gradient: [Double], weight: Double) {
    var gradient = [Double](repeating: 0, count: logits.count)
    var (sum, weight) = (0.0, 0.0)
    for (row, label) in labels.enumerated() {
      guard let label else { continue }
      let rowWeight = Double(classWeights?[label] ?? 1)
      weight += rowWeight
      let first = row * classes
      let high = logits[first..<first + classes].max() ?? 0
      var total = 0.0
      for index in first..<first + classes {
        gradient[index] = exp(logits[index] - high)
        total += gradient[index]
      }
      let logTotal = log(total) + high
      for index in first..<first + classes {
        var target = labelSmoothing / Double(classes) + (index == first + label ? 1 - labelSmoothing : 0)
        if let teaching {
          target = (1 - Self.teachingShare) * target + Self.teachingShare * Double(teaching[index])
        }
        if target > 0 { sum += rowWeight * target * (logTotal - logits[index]) }
        gradient[index] = rowWeight * (gradient[index] / total - target)
      }
    }
    guard weight > 0 else { return (0, gradient, 0) }
    for index in gradient.indices { gradient[index] /= weight }
    return (sum / weight, gradient, weight)
  }
}

/// How classes are weighted in the losses.
public enum ClassWeighting: Sendable, Hashable {
  /// All alike.
  case none
  /// N / n_c: one over the class's share of the labelled training rows.
  case inverseFrequency
  /// √(N / n_c): rare classes count more, but not so much that frequent ones suffer.
  case inverseSquareRoot
  /// One positive weight a class, in class order.
  case given([Float])

  /// The weights for training data with these label counts; nil where all are alike.
  public func weights(counts: [Int]) -> [Float]? {
    switch self {
    case .none: return nil
    case .given(let weights): return weights
    case .inverseFrequency:
      let total = counts.reduce(0, +)
      return counts.map { Float(total) / Float(max($0, 1)) }
    case .inverseSquareRoot:
      return ClassWeighting.inverseFrequency.weights(counts: counts)?.map { $0.squareRoot() }
    }
  }
}
