/// The class with the greatest weighted sum of several logits, row by row.
public enum SumLabels {
  /// One summand: logits class-major, [classes, rows], and their factor.
  public struct Term {
    /// A branch's logits [T, C].
    public let logits: Matrix
    /// What they are multiplied by.
    public let factor: Float

    /// One term of the sum: factor · logits.
    public init(_ logits: Matrix, factor: Float = 1) {
      self.logits = logits
      self.factor = factor
    }
  }

  /// For each row the first of the greatest elements of Σ factor · logits, terms added in the order given.
  ///
  /// - Parameter terms: one or more, of one shape with at least one class.
  public static func labels(_ terms: [Term]) -> [Int32] {
    guard let first = terms.first else { return [] }
    let (classes, rows) = (first.logits.rows, first.logits.columns)
    precondition(terms.allSatisfy { $0.logits.rows == classes && $0.logits.columns == rows }, "terms of one shape")
    let pointers = terms.map { UnsafePointer($0.logits.elements) }
    let factors = terms.map(\.factor)
    return withExtendedLifetime(terms) {
      [Int32](unsafeUninitializedCapacity: rows) { labels, filled in
        if let start = labels.baseAddress {
          Kernels.current.loops.sum_labels(pointers, factors, terms.count, rows, classes, start)
        }
        filled = rows
      }
    }
  }
}
