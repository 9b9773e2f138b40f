import Testing

@testable import Tensors

/// Products with a weight that is laid out for them.
@Suite struct PackedMatrixTests {
  /// Around the sizes of tiles, panels and stretches of every build.
  @Test(
    arguments: Kernels.all,
    [(1, 1), (7, 5), (31, 33), (255, 64), (256, 65), (300, 17), (513, 128), (100, 4), (100, 8), (100, 48)])
  func productsAreRightAndARowsResultIsItsOwn(kernels: Kernels, shape: (inner: Int, outer: Int)) {
    let rows = 29
    let x = draws(1, rows, shape.inner)
    let weight = draws(2, shape.inner, shape.outer)
    let start = draws(3, rows, shape.outer)
    let packed = PackedMatrix(weight, kernels: kernels, pool: nil)
    let together = start.copy()
    packed.addProduct(of: x, to: together)
    for row in 0..<rows {
      for column in 0..<shape.outer {
        let terms = (0..<shape.inner).map { Double(x[row, $0]) * Double(weight[$0, column]) }
        let expected = terms.reduce(Double(start[row, column]), +)
        // The rounding of a sum: a share of what its terms come to without their signs.
        let bound = 1e-6 * (terms.map(abs).reduce(1, +))
        #expect(abs(Double(together[row, column]) - expected) < bound, "\(kernels.name) \(row) \(column)")
      }
    }
    for count in 1...rows {
      let few = start.rows(rows - count..<rows)
      packed.addProduct(of: x.rows(rows - count..<rows), to: few)
      let isEqual = few.values == together.rows(rows - count..<rows).values
      #expect(isEqual, "\(kernels.name), the last \(count) rows alone")
    }
  }

  @Test func moreRowsThanTheCacheHoldsAreTheSameRows() {
    let x = draws(4, 700, 40)
    let packed = PackedMatrix(draws(5, 40, 30), kernels: .current, pool: nil)
    let together = Matrix(rows: 700, columns: 30)
    packed.addProduct(of: x, to: together)
    for first in stride(from: 0, to: 700, by: 100) {
      let part = Matrix(rows: 100, columns: 30)
      packed.addProduct(of: x.rows(first..<first + 100), to: part)
      let isEqual = part.values == together.rows(first..<first + 100).values
      #expect(isEqual, "rows from \(first)")
    }
  }

  @Test func aBiasIsWhatTheSumsStartFrom() {
    let (x, weight, bias) = (draws(7, 31, 70), draws(8, 70, 45), draws(9, 1, 45))
    for kernels in Kernels.all {
      let packed = PackedMatrix(weight, kernels: kernels, pool: nil)
      let added = Matrix(rows: 31, columns: 45, (0..<31).flatMap { _ in bias.values })
      packed.addProduct(of: x, to: added)
      let y = Matrix(rows: 31, columns: 45, [Float](repeating: .nan, count: 31 * 45))
      packed.addProduct(of: x, bias: bias, to: y)
      #expect(y.values == added.values, "\(kernels.name)")
    }
  }

  @Test func aFrozenParameterIsLaidOutOnceAndAnotherWheneverItIsAsked() {
    let parameter = Parameter(name: "w", value: draws(6, 3, 4))
    let pool = BufferPool()
    #expect(
      parameter.packed(for: .current, precision: .single, pool: pool)
        !== parameter.packed(for: .current, precision: .single, pool: pool))
    parameter.freeze()
    #expect(
      parameter.packed(for: .current, precision: .single, pool: pool)
        === parameter.packed(for: .current, precision: .single, pool: pool))
  }

  private func draws(_ key: UInt64, _ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, CounterBasedRandom.standardNormal(key, count: rows * columns))
  }
}
