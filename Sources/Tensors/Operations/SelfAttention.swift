import CKernels
import Foundation

extension Computation {
  /// Multi-head attention of every row over its whole segment, in blocks: memory is linear in the segment's length.
  ///
  /// For each head h of width d_k = columns / heads: softmax(q_h k_hᵀ) v_h, with dropout on the weights. The softmax runs
  /// over blocks of keys, carrying each row's maximum and sum; the way back computes the weights again from them.
  ///
  /// - Parameter q: queries [T, columns], already scaled by 1 / √d_k; `k` and `v` likewise [T, columns].
  public func selfAttention(
    q: Variable, k: Variable, v: Variable, heads: Int, segments: Segments, dropout: Float
  ) -> Variable {
    precondition(q.columns % heads == 0 && q.rows == segments.rows, "selfAttention: heads divide the columns")
    var mask: AttentionDropout?
    if dropout > 0, let key = dropoutSource?.nextKey() {
      mask = AttentionDropout(probability: dropout, key: key, firstRow: dropoutSource?.firstRow ?? 0)
    }
    let y = make(q.rows, q.columns)
    let logTotals = make(heads, q.rows)
    let attention = BlockedAttention(
      q: q.value, k: k.value, v: v.value, heads: heads, segments: segments, mask: mask, pool: pool,
      kernels: kernels, threads: threads)
    attention.forward(into: y, logTotals: logTotals)
    return result(y, of: [q, k, v]) { dy in
      attention.backward(
        y: y, logTotals: logTotals, dy: dy, dq: q.gradientToAddTo(), dk: k.gradientToAddTo(),
        dv: v.gradientToAddTo())
    }
  }

  /// Names the weights of `selfAttention` for the trace, where there is one: for each segment of n rows, heads × n × n.
  public func traceAttention(
    _ name: @autoclosure () -> String, q: Variable, k: Variable, heads: Int, segments: Segments
  ) {
    guard let tracing else { return }
    let name = name()
    guard tracing.wants(name) else { return }
    let width = q.columns / heads
    var all: [Float] = []
    for index in segments.indices {
      let rows = segments[index]
      for head in 0..<heads {
        let scores = make(rows.count, rows.count)
        let first = rows.lowerBound * q.columns + head * width
        MatrixProduct.accumulate(
          Operand(q.value.elements + first, stride: q.columns),
          Operand(k.value.elements + first, stride: q.columns, transposed: true), into: scores.elements,
          stride: rows.count, m: rows.count, n: rows.count, k: width)
        for row in 0..<rows.count {
          let exponentials = scores.row(row).map { exp(Double($0)) }
          let total = exponentials.reduce(0, +)
          all += exponentials.map { Float($0 / total) }
        }
      }
    }
    tracing.record(name, Matrix(rows: 1, columns: all.count, all))
  }
}

/// The mask on attention weights: a function of key, head, batch row and column.
struct AttentionDropout {
  let probability: Float
  let key: UInt64
  let firstRow: Int

  /// The counter of a row's first column; columns follow it, up to a million.
  func counter(row: Int, column: Int, head: Int, heads: Int) -> UInt64 {
    UInt64((firstRow + row) * heads + head) << 20 + UInt64(column)
  }
}
