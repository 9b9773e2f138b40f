extension Computation {
  /// y = x W + b, with x [T, in], W [in, out], b [1, out].
  ///
  /// Weights lie as [in, out]; the file formats transpose on the way in and out. A row's result does not depend on the
  /// other rows, to the last bit.
  /// Backward: dx = dy Wᵀ, dW = xᵀ dy, db = the column sums of dy.
  public func linear(_ x: Variable, _ weight: Variable, bias: Variable? = nil) -> Variable {
    precondition(x.columns == weight.rows, "linear: \(x.columns) columns into a weight of \(weight.rows) rows")
    let (rows, inner, outer) = (x.rows, x.columns, weight.columns)
    let y = make(rows, outer)
    if bias == nil { y.elements.update(repeating: 0, count: y.count) }
    weight.packed(for: kernels, precision: precision, pool: pool)
      .addProduct(of: x.value, bias: bias?.value, to: y, pool: pool)
    return result(y, of: [x, weight]) { [loops] dy in
      if x.requiresGradient {
        let (dx, beta) = x.gradientForProduct()
        MatrixProduct.accumulate(
          Operand(dy, stride: outer), Operand(weight.value.elements, stride: outer, transposed: true), into: dx,
          stride: inner, m: rows, n: inner, k: outer, beta: beta)
      }
      if weight.requiresGradient {
        let (dw, beta) = weight.gradientForProduct()
        MatrixProduct.accumulate(
          Operand(x.value.elements, stride: inner, transposed: true), Operand(dy, stride: outer), into: dw,
          stride: outer, m: inner, n: outer, k: rows, beta: beta)
      }
      if let bias, bias.requiresGradient { loops.sum_rows(dy, bias.gradientToAddTo(), rows, outer) }
    }
  }

  /// y[r] = x[r, columns] · v, one number a row: x [T, n], v [1, columns.count], y [T, 1].
  public func rowDots(_ x: Variable, columns: Range<Int>, _ vector: Variable) -> Variable {
    precondition(columns.upperBound <= x.columns && columns.count == vector.columns, "rowDots: shapes agree")
    let y = make(x.rows, 1)
    let (first, stride, rows) = (columns.lowerBound, x.columns, x.rows)
    loops.row_dots(x.value.elements + first, stride, vector.value.elements, y.elements, rows, columns.count)
    return result(y, of: [x, vector]) { [loops] dy in
      // An unwanted gradient is computed into scratch memory: both come out of one loop.
      loops.row_dots_backward(
        x.value.elements + first, stride, vector.value.elements, dy, x.gradientToAddTo() + first, stride,
        vector.gradientToAddTo(), rows, columns.count)
    }
  }
}
