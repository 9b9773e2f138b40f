import DialogueDomain
import Testing

@testable import Tensors

/// Products in the precisions that this processor has.
@Suite struct ReducedProductsTests {
  /// Around the sizes of words, tiles, panels and stretches.
  static let shapes = [(1, 1), (3, 32), (4, 33), (7, 5), (15, 48), (17, 64), (513, 31), (1025, 100), (1582, 40)]

  @Test(arguments: Precision.supported, shapes)
  func productsAreAsRightAsTheirNumbersAllow(precision: Precision, shape: (inner: Int, outer: Int)) {
    let rows = 29
    let x = draws(1, rows, shape.inner, around: 0.3)
    let weight = draws(2, shape.inner, shape.outer)
    let y = draws(3, rows, shape.outer)
    let start = y.copy()
    PackedMatrix(weight, kernels: .current, precision: precision, pool: nil).addProduct(of: x, to: y)
    let columns = (0..<shape.outer).map { column in (0..<shape.inner).map { weight[$0, column] } }
    for row in 0..<rows {
      let elements = (0..<shape.inner).map { x[row, $0] }
      for column in 0..<shape.outer {
        let terms = zip(elements, columns[column]).map { Double($0) * Double($1) }
        let expected = terms.reduce(Double(start[row, column]), +)
        let bound = precision.bound(elements, columns[column])
        #expect(abs(Double(y[row, column]) - expected) <= bound, "row \(row), column \(column)")
      }
    }
  }

  @Test(arguments: Precision.supported, [(100, 40), (600, 70), (1100, 128)])
  func aRowsResultIsItsOwnWithABiasAndWithout(precision: Precision, shape: (inner: Int, outer: Int)) {
    let rows = 277
    let x = draws(4, rows, shape.inner)
    let bias = draws(6, 1, shape.outer)
    let packed = PackedMatrix(
      draws(5, shape.inner, shape.outer), kernels: .current, precision: precision, pool: nil)
    let together = Matrix(rows: rows, columns: shape.outer, [Float](repeating: .nan, count: rows * shape.outer))
    packed.addProduct(of: x, bias: bias, to: together)
    for range in [0..<1, 5..<18, 260..<277, 100..<213] {
      let few = Matrix(rows: range.count, columns: shape.outer, range.flatMap { _ in bias.values })
      packed.addProduct(of: x.rows(range), to: few)
      let isEqual = few.values == together.rows(range).values
      #expect(isEqual, "rows \(range)")
    }
  }

  @Test(arguments: Precision.supported)
  func zerosAndLargeNumbersStayWhatTheyAre(precision: Precision) {
    let x = Matrix(rows: 3, columns: 4, [0, 0, 0, 0, 1e30, -1e30, 1e30, 0, 64, 64, 64, 64])
    let weight = Matrix(rows: 4, columns: 2, [1, 0, 1, 0, 1, 0, 1, 0])
    let y = Matrix(rows: 3, columns: 2)
    PackedMatrix(weight, kernels: .current, precision: precision, pool: nil).addProduct(of: x, to: y)
    #expect(y.row(0).allSatisfy { $0 == 0 } && (0..<3).allSatisfy { y[$0, 1] == 0 })
    #expect(abs(y[1, 0] / 1e30 - 1) < 0.02 && abs(y[2, 0] - 256) < 0.01)
  }

  @Test func onlyAFrozenWeightOfManyOutputsIsReduced() {
    let pool = BufferPool()
    for precision in Precision.supported {
      let wide = Parameter(name: "w", value: draws(7, 16, 64))
      let narrow = Parameter(name: "head", value: draws(8, 16, 7))
      let x = draws(9, 5, 16)
      let trained = product(x, wide.packed(for: .current, precision: precision, pool: pool))
      #expect(trained == product(x, wide.packed(for: .current, precision: .single, pool: pool)))
      for parameter in [wide, narrow] { parameter.freeze() }
      let reduced = product(x, wide.packed(for: .current, precision: precision, pool: pool))
      #expect((reduced == trained) == (precision == .single))
      #expect(
        product(x, narrow.packed(for: .current, precision: precision, pool: pool))
          == product(x, narrow.packed(for: .current, precision: .single, pool: pool)))
    }
  }

  private func product(_ x: Matrix, _ weight: PackedMatrix) -> [Float] {
    let y = Matrix(rows: x.rows, columns: weight.outer)
    weight.addProduct(of: x, to: y)
    return y.values
  }

  private func draws(_ key: UInt64, _ rows: Int, _ columns: Int, around centre: Float = 0) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      CounterBasedRandom.standardNormal(key, count: rows * columns).map { $0 + centre })
  }
}

extension Precision {
  fileprivate static var supported: [Precision] { allCases.filter(\.isSupported) }

  /// What an element of x W may be off by: rounding of both factors, term by term, and of the sum.
  fileprivate func bound(_ x: [Float], _ weights: [Float]) -> Double {
    let magnitude = zip(x, weights).map { abs(Double($0) * Double($1)) }.reduce(1, +)
    switch self {
    case .single: return 1e-6 * magnitude
    // Half of the last of eight digits, 2⁻⁸ of a factor at most, twice.
    case .bfloat16: return 2.01 / 256 * magnitude
    case .int8:
      // Half a step each: 1/255 of a row's spread with zero, 1/127 of a column's greatest weight; the zero is rounded, too.
      let step = Double(max(x.max() ?? 0, 0) - min(x.min() ?? 0, 0)) / 255
      let scale = Double(weights.map(abs).max() ?? 0) / 127
      let ofX = weights.reduce(0) { $0 + abs(Double($1)) } * step
      let ofWeights = x.reduce(0) { $0 + abs(Double($1)) + step } * scale / 2
      return ofX + ofWeights + 1e-5 * magnitude
    }
  }
}
