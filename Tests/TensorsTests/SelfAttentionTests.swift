import Foundation
import Testing

@testable import Tensors

/// Attention over whole segments, in blocks, with each build of the loops.
struct SelfAttentionTests {
  /// Longer than a block of keys, of a length that divides into neither kind of block; and short ones beside it.
  private let segments = Segments(lengths: [1, 300, 17])

  private func inputs(_ columns: Int) -> [Matrix] {
    (1...3).map {
      Matrix(
        rows: segments.rows, columns: columns,
        CounterBasedRandom.standardNormal($0, count: segments.rows * columns).map { $0 / 2 })
    }
  }

  private func attention(_ inputs: [Matrix], heads: Int, threads: Int, _ kernels: Kernels) -> [Float] {
    let run = Computation(kernels: kernels, pool: BufferPool(), threads: threads, tape: nil, dropout: nil, trace: nil)
    return run.selfAttention(
      q: run.input(inputs[0]), k: run.input(inputs[1]), v: run.input(inputs[2]), heads: heads, segments: segments,
      dropout: 0
    ).value.values
  }

  @Test(arguments: Kernels.all, [1, 2, 5])
  func anyNumberOfThreadsGivesTheSameBits(kernels: Kernels, threads: Int) {
    let inputs = inputs(32)
    #expect(
      attention(inputs, heads: 2, threads: threads, kernels) == attention(inputs, heads: 2, threads: 1, kernels))
  }

  @Test(arguments: Kernels.all, [(16, 4), (32, 2), (40, 1)])
  func everyRowIsTheMeanOfTheValuesWeightedByTheSoftmax(kernels: Kernels, shape: (columns: Int, heads: Int)) {
    let (inputs, columns) = (inputs(shape.columns), shape.columns)
    let (q, k, v) = (inputs[0].values, inputs[1].values, inputs[2].values)
    let width = columns / shape.heads
    var furthest = 0.0
    let found = attention(inputs, heads: shape.heads, threads: 1, kernels)
    for rows in segments.indices.map({ segments[$0] }) {
      for row in rows {
        for head in 0..<shape.heads {
          let span = (head * width)..<(head * width + width)
          let weights = rows.map { key in
            exp(span.reduce(0.0) { $0 + Double(q[row * columns + $1]) * Double(k[key * columns + $1]) })
          }
          for column in span {
            let sum = zip(rows, weights).reduce(0.0) { $0 + Double(v[$1.0 * columns + column]) * $1.1 }
            furthest = max(furthest, abs(sum / weights.reduce(0, +) - Double(found[row * columns + column])))
          }
        }
      }
    }
    #expect(furthest < 1e-6)
  }
}
