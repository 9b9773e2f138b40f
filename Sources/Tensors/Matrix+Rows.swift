extension Matrix {
  /// (x − mean) ⊙ factor, row by row, clipped to −bound … bound; mean and factor are [1, columns].
  public func standardised(mean: Matrix, factor: Matrix, bound: Float) -> Matrix {
    precondition(mean.columns == columns && factor.columns == columns, "one mean and one factor a column")
    let result = Matrix(uninitialised: rows, columns, pool: nil)
    Kernels.current.loops.standardise(
      elements, mean.elements, factor.elements, bound, result.elements, rows, columns)
    return result
  }

  /// The matrix with the marked rows set to zero.
  public func clearingRows(_ marked: [Bool]) -> Matrix {
    precondition(marked.count == rows, "one mark a row")
    let result = Matrix(rows: rows, columns: columns, values)
    for (row, isMarked) in marked.enumerated() where isMarked {
      (result.elements + row * columns).update(repeating: 0, count: columns)
    }
    return result
  }

  /// Index of the first element, row by row, that is not a finite number.
  public var firstNotFinite: Int? {
    // A finite sum of squares has finite terms only; a sum that overflows does not count against them.
    var squares: Float = 0
    Kernels.current.loops.row_dots(elements, count, elements, &squares, 1, count)
    return squares.isFinite ? nil : withElements { $0.firstIndex { !$0.isFinite } }
  }

  /// Overwrites the elements with those of a matrix of the same shape; for owners that have not handed the matrix on.
  public func assign(_ other: Matrix) {
    precondition(rows == other.rows && columns == other.columns, "shapes agree")
    elements.update(from: other.elements, count: count)
  }

  /// Moves every element towards another matrix's: x ← x + share · (other − x).
  public func move(towards other: Matrix, by share: Float) {
    precondition(rows == other.rows && columns == other.columns, "shapes agree")
    let loops = Kernels.current.loops
    loops.scale(1 - share, elements, elements, count)
    loops.add_scaled(share, other.elements, elements, count)
  }

  /// Multiplies every element, in place.
  public func scale(by factor: Float) {
    Kernels.current.loops.scale(factor, elements, elements, count)
  }

  /// The sum of matrices of one shape, added in the order given; nil of none.
  public static func sum(_ parts: [Matrix]) -> Matrix? {
    guard let sum = parts.first?.copy() else { return nil }
    for part in parts.dropFirst() {
      precondition(part.rows == sum.rows && part.columns == sum.columns, "shapes agree")
      Kernels.current.loops.add_scaled(1, part.elements, sum.elements, sum.count)
    }
    return sum
  }

  /// A matrix of the same elements.
  public func copy() -> Matrix {
    let result = Matrix(uninitialised: rows, columns, pool: nil)
    result.assign(self)
    return result
  }

  /// Some of the rows, copied.
  public func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows of the matrix")
    let result = Matrix(uninitialised: range.count, columns, pool: nil)
    result.elements.update(from: elements + range.lowerBound * columns, count: result.count)
    return result
  }
}
