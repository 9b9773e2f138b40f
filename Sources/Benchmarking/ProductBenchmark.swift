import Tensors

/// The bare matrix products that scoring a bundle needs, on random numbers: the rate to be measured against.
struct ProductBenchmark: Sendable {
  private let shapes: ProductShapes
  private let pieces: [Int]
  private let operands: [ProductShapes.Shape: Matrix]
  private let rows: [Int: Matrix]

  init(shapes: ProductShapes, pieces: [Int]) {
    self.shapes = shapes
    self.pieces = pieces
    func random(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(rows: rows, columns: columns, CounterBasedRandom.standardNormal(7, count: rows * columns))
    }
    let distinct = Set(shapes.branches.joined())
    operands = Dictionary(uniqueKeysWithValues: distinct.map { ($0, random($0.inner, $0.outer)) })
    let tallest = pieces.max() ?? 0
    rows = Dictionary(uniqueKeysWithValues: Set(distinct.map(\.inner)).map { ($0, random(tallest, $0)) })
  }

  /// Each piece and branch is one task, as in scoring.
  func run(threads: Int) throws {
    let pool = BufferPool()
    _ = try Parallel.map(count: pieces.count * shapes.branches.count, threads: threads) { task in
      let count = pieces[task / shapes.branches.count]
      for shape in shapes.branches[task % shapes.branches.count] {
        guard let left = rows[shape.inner], let right = operands[shape] else { continue }
        left.multiplyFirstRows(count, by: right, pool: pool)
      }
    }
  }
}
