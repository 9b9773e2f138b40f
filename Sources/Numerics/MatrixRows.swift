extension Matrix {
  /// (x − mean) ⊙ factor, row by row; both are [1, columns].
  public func standardised(mean: Matrix, factor: Matrix) -> Matrix {
    precondition(mean.columns == columns && factor.columns == columns, "one mean and one factor a column")
    let result = Matrix(uninitialised: rows, columns, pool: nil)
    Kernels.current.loops.standardise(elements, mean.elements, factor.elements, result.elements, rows, columns)
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
}

extension Matrix {
  /// Multiplies the first `count` rows by `other` and lets the result go: for measuring what a product costs.
  public func multiplyFirstRows(_ count: Int, by other: Matrix, pool: BufferPool) {
    precondition(count <= rows && columns == other.rows, "shapes agree")
    let result = Matrix(uninitialised: count, other.columns, pool: pool)
    MatrixProduct.accumulate(
      Operand(elements, stride: columns), Operand(other.elements, stride: other.columns), into: result.elements,
      stride: other.columns, m: count, n: other.columns, k: columns)
  }
}
