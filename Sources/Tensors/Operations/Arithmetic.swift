import Foundation

extension Computation {
  /// y = x + z, of one shape.
  public func add(_ x: Variable, _ z: Variable) -> Variable {
    precondition(x.rows == z.rows && x.columns == z.columns, "add: shapes agree")
    let y = make(x.rows, x.columns)
    loops.add(x.value.elements, z.value.elements, y.elements, y.count)
    return result(y, of: [x, z]) { [loops] dy in
      for input in [x, z] where input.requiresGradient {
        loops.add_scaled(1, dy, input.gradientToAddTo(), input.value.count)
      }
    }
  }

  /// y = a x.
  public func scaled(_ x: Variable, by a: Float) -> Variable {
    let y = make(x.rows, x.columns)
    loops.scale(a, x.value.elements, y.elements, y.count)
    return result(y, of: [x]) { [loops] dy in
      loops.add_scaled(a, dy, x.gradientToAddTo(), x.value.count)
    }
  }

  /// Each row multiplied by its own constant: y[r] = factors[r] · x[r]; no gradient goes to the factors.
  public func rowsScaled(_ x: Variable, by factors: [Float]) -> Variable {
    precondition(factors.count == x.rows, "rowsScaled: one factor a row")
    let y = make(x.rows, x.columns)
    let columns = x.columns
    for (row, factor) in factors.enumerated() {
      loops.scale(factor, x.value.elements + row * columns, y.elements + row * columns, columns)
    }
    return result(y, of: [x]) { [loops] dy in
      let dx = x.gradientToAddTo()
      for (row, factor) in factors.enumerated() {
        loops.add_scaled(factor, dy + row * columns, dx + row * columns, columns)
      }
    }
  }

  /// y[r] = x[r] + constant[positions[r]] + table[slots[r]], where no gradient goes to the constant.
  ///
  /// - Parameter untrained: the table row that never receives a gradient (a padding row), if any.
  public func addingRows(
    _ x: Variable, constant: Matrix, positions: [Int], table: Variable, slots: [Int], untrained: Int? = nil
  ) -> Variable {
    precondition(positions.count == x.rows && slots.count == x.rows, "addingRows: one position and one slot a row")
    let columns = x.columns
    let y = make(x.rows, columns)
    for row in 0..<x.rows {
      let out = y.elements + row * columns
      loops.add(x.value.elements + row * columns, constant.elements + positions[row] * columns, out, columns)
      loops.add_scaled(1, table.value.elements + slots[row] * columns, out, columns)
    }
    return result(y, of: [x, table]) { [loops] dy in
      if x.requiresGradient { loops.add_scaled(1, dy, x.gradientToAddTo(), x.value.count) }
      guard table.requiresGradient else { return }
      let gradient = table.gradientToAddTo()
      for (row, slot) in slots.enumerated() where slot != untrained {
        loops.add_scaled(1, dy + row * columns, gradient + slot * columns, columns)
      }
    }
  }

  /// The inputs side by side: [T, n₁ + n₂ + …].
  public func concatenated(_ parts: [Variable]) -> Variable {
    let rows = parts.first?.rows ?? 0
    let width = parts.reduce(0) { $0 + $1.columns }
    let y = make(rows, width)
    var first = 0
    for part in parts {
      precondition(part.rows == rows, "concatenated: parts have one number of rows")
      for row in 0..<rows {
        (y.elements + row * width + first)
          .update(from: part.value.elements + row * part.columns, count: part.columns)
      }
      first += part.columns
    }
    return result(y, of: parts) { [loops] dy in
      var first = 0
      for part in parts {
        if part.requiresGradient {
          let gradient = part.gradientToAddTo()
          for row in 0..<rows {
            loops.add_scaled(1, dy + row * width + first, gradient + row * part.columns, part.columns)
          }
        }
        first += part.columns
      }
    }
  }

  /// exp(a₁ · b₁) − exp(a₂ · b₂) + c for four vectors of one length: a number, [1, 1].
  public func differenceOfExponentials(
    _ a1: Variable, _ b1: Variable, minus a2: Variable, _ b2: Variable, plus c: Float
  ) -> Variable {
    func exponential(_ a: Variable, _ b: Variable) -> Double {
      exp(zip(a.value.values, b.value.values).reduce(0) { $0 + Double($1.0) * Double($1.1) })
    }
    let (first, second) = (exponential(a1, b1), exponential(a2, b2))
    let y = Matrix(rows: 1, columns: 1, [Float(first - second + Double(c))], pool: pool)
    return result(y, of: [a1, b1, a2, b2]) { [loops] dy in
      for (a, b, derivative) in [(a1, b1, first), (a2, b2, -second)] {
        let factor = Float(Double(dy[0]) * derivative)
        loops.add_scaled(factor, b.value.elements, a.gradientToAddTo(), a.value.count)
        loops.add_scaled(factor, a.value.elements, b.gradientToAddTo(), b.value.count)
      }
    }
  }
}
