/// What the confusion counts say of one class.
public struct ClassFigures: Sendable, Hashable, Codable {
  /// Observations whose truth is this class.
  public var support: Int
  /// Observations predicted as this class.
  public var predictions: Int
  /// Observations of this class predicted as such: the true positives.
  public var correct: Int

  /// The figures of a class, from its counts.
  public init(support: Int, predictions: Int, correct: Int) {
    self.support = support
    self.predictions = predictions
    self.correct = correct
  }

  /// correct / predictions; the paper's Tables 2 and 3 head this column "ACC".
  public var precision: Double { ratio(correct, predictions) }

  /// correct / support.
  public var recall: Double { ratio(correct, support) }

  /// The harmonic mean of precision and recall, 2·correct / (support + predictions).
  public var f1: Double { ratio(2 * correct, support + predictions) }
}

/// A quotient of counts, 0 where the denominator is 0.
func ratio(_ numerator: Int, _ denominator: Int) -> Double {
  denominator == 0 ? 0 : Double(numerator) / Double(denominator)
}

extension ConfusionCounts {
  /// The figures of one class.
  public func figures(of index: Int) -> ClassFigures {
    ClassFigures(
      support: support(of: index), predictions: predictions(of: index),
      correct: self[truth: index, predicted: index])
  }

  /// The figures of every class, in class order.
  public var perClass: [ClassFigures] { (0..<classes).map(figures(of:)) }

  /// Share of observations predicted right; equal to the support-weighted recall.
  public var accuracy: Double { ratio(correct, total) }

  /// Precision averaged over classes by support; the paper's Tables 2 and 3 call it "wa-ACC".
  public var weightedPrecision: Double { supportWeighted(\.precision) }

  /// F1 averaged over classes by support: scikit-learn's `average="weighted"`, the paper's "wa-F1".
  public var weightedF1: Double { supportWeighted(\.f1) }

  /// F1 averaged over the classes that occur as truth or as prediction: scikit-learn's `average="macro"`.
  public var macroF1: Double {
    let seen = perClass.filter { $0.support + $0.predictions > 0 }
    guard !seen.isEmpty else { return 0 }
    return seen.reduce(0) { $0 + $1.f1 } / Double(seen.count)
  }

  /// Each row divided by its support, row-major: the paper's Figure 8.
  ///
  /// Rows of absent classes are zero.
  public var rowShares: [Double] {
    (0..<classes).flatMap { row in
      let support = support(of: row)
      return (0..<classes).map { ratio(self[truth: row, predicted: $0], support) }
    }
  }

  /// Flip rate of clean→perturbed counts: the share of labels that the disturbance changed.
  ///
  /// It needs no ground truth.
  public var flipRate: Double { total == 0 ? 0 : ratio(total - correct, total) }

  private func supportWeighted(_ figure: KeyPath<ClassFigures, Double>) -> Double {
    let total = total
    guard total > 0 else { return 0 }
    return perClass.reduce(0) { $0 + Double($1.support) * $1[keyPath: figure] } / Double(total)
  }
}

extension ConfusionCounts {
  /// p_m of adaptive modality balancing as the published code computes it: the support-weighted F1.
  public var publishedModalityPerformance: Double { weightedF1 }

  /// p_m of adaptive modality balancing as the paper prints it (Eqn 19).
  ///
  /// Σ_c w_c·Precision_c·Recall_c / Σ_c w_c over the classes that occur as truth, with w_c = N / n_c the inverse of the
  /// class's frequency. 0 where there are no observations.
  public var paperModalityPerformance: Double {
    let total = total
    var weighted = 0.0
    var weights = 0.0
    for figures in perClass where figures.support > 0 {
      let weight = Double(total) / Double(figures.support)
      weighted += weight * figures.precision * figures.recall
      weights += weight
    }
    return weights > 0 ? weighted / weights : 0
  }
}
