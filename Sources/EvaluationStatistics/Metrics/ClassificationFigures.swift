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

  private func supportWeighted(_ figure: KeyPath<ClassFigures, Double>) -> Double {
    let total = total
    guard total > 0 else { return 0 }
    return perClass.reduce(0) { $0 + Double($1.support) * $1[keyPath: figure] } / Double(total)
  }
}
