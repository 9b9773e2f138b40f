extension Computation {
  /// Rows of a table, one for each index: y[r] = table[indices[r]], with table [V, n] and y [indices.count, n].
  ///
  /// Backward: a table's row receives the sum of the gradients of all rows that took it.
  public func gathered(_ table: Variable, rows indices: [Int]) -> Variable {
    let columns = table.columns
    let y = make(indices.count, columns)
    for (row, index) in indices.enumerated() {
      precondition((0..<table.rows).contains(index), "gathered: row \(index) of \(table.rows)")
      (y.elements + row * columns).update(from: table.value.elements + index * columns, count: columns)
    }
    return result(y, of: [table]) { [loops] dy in
      let gradient = table.gradientToAddTo()
      for (row, index) in indices.enumerated() {
        loops.add_scaled(1, dy + row * columns, gradient + index * columns, columns)
      }
    }
  }

  /// The mean row of each range: y[i] = (Σ over r in ranges[i] of x[r]) / ranges[i].count, with y [ranges.count, n].
  ///
  /// Ranges hold at least one row; they may leave rows out or share some.
  public func means(_ x: Variable, over ranges: [Range<Int>]) -> Variable {
    let columns = x.columns
    let y = make(ranges.count, columns)
    for (index, range) in ranges.enumerated() {
      precondition(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= x.rows, "means: rows of x")
      let mean = y.elements + index * columns
      mean.update(repeating: 0, count: columns)
      for row in range { loops.add_scaled(1, x.value.elements + row * columns, mean, columns) }
      loops.scale(1 / Float(range.count), mean, mean, columns)
    }
    return result(y, of: [x]) { [loops] dy in
      let dx = x.gradientToAddTo()
      for (index, range) in ranges.enumerated() {
        for row in range {
          loops.add_scaled(1 / Float(range.count), dy + index * columns, dx + row * columns, columns)
        }
      }
    }
  }

  /// Each row divided by its Euclidean norm: y = x / max(‖x‖, 10⁻¹²).
  ///
  /// Backward: dx = (dy − (y · dy) y) / ‖x‖.
  public func unitNormalised(_ x: Variable) -> Variable {
    let columns = x.columns
    let y = make(x.rows, columns)
    let factors = (0..<x.rows).map { row -> Float in
      let from = x.value.elements + row * columns
      var squares: Float = 0
      loops.row_dots(from, columns, from, &squares, 1, columns)
      let factor = 1 / max(squares.squareRoot(), 1e-12)
      loops.scale(factor, from, y.elements + row * columns, columns)
      return factor
    }
    return result(y, of: [x]) { [loops] dy in
      let dx = x.gradientToAddTo()
      for (row, factor) in factors.enumerated() {
        let (up, unit) = (dy + row * columns, y.elements + row * columns)
        var along: Float = 0
        loops.row_dots(up, columns, unit, &along, 1, columns)
        loops.add_scaled(factor, up, dx + row * columns, columns)
        loops.add_scaled(-along * factor, unit, dx + row * columns, columns)
      }
    }
  }
}
