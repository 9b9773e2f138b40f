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
      loops: loops)
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
    tracing.record(name(), Matrix(rows: 1, columns: all.count, all))
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

/// Attention within segments, block of queries by block of keys, forward and back.
struct BlockedAttention {
  let q: Matrix
  let k: Matrix
  let v: Matrix
  let heads: Int
  let segments: Segments
  let mask: AttentionDropout?
  let pool: BufferPool

  private let loops: ck_kernels

  init(
    q: Matrix, k: Matrix, v: Matrix, heads: Int, segments: Segments, mask: AttentionDropout?, pool: BufferPool,
    loops: ck_kernels
  ) {
    self.q = q
    self.k = k
    self.v = v
    self.heads = heads
    self.segments = segments
    self.mask = mask
    self.pool = pool
    self.loops = loops
  }

  /// Rows of queries and of keys worked on at once.
  private static let block = 128

  private var columns: Int { q.columns }
  private var width: Int { columns / heads }

  /// One block of queries against one block of keys of one head.
  private struct Tile {
    let head: Int
    let queries: Range<Int>
    let keys: Range<Int>
    /// First row of the segment, from which mask columns count.
    let origin: Int
  }

  /// Writes the attention's result to `y` [T, columns] and each row's log Σ exp(score) to `logTotals` [heads, T].
  func forward(into y: Matrix, logTotals: Matrix) {
    let scores = Matrix(uninitialised: Self.block, Self.block, pool: pool)
    let dropped = Matrix(uninitialised: Self.block, Self.block, pool: pool)
    let carried = Matrix(uninitialised: 3, Self.block, pool: pool)
    defer { withExtendedLifetime((scores, dropped, carried)) {} }
    let (high, total, rescale) = (carried.elements, carried.elements + Self.block, carried.elements + 2 * Self.block)
    forEachQueryBlock { head, queries, segment in
      high.update(repeating: -.infinity, count: queries.count)
      total.update(repeating: 0, count: queries.count)
      let out = y.elements + queries.lowerBound * columns + head * width
      for keys in blocks(of: segment) {
        let tile = Tile(head: head, queries: queries, keys: keys, origin: segment.lowerBound)
        multiplyQueriesByKeys(tile, into: scores.elements)
        loops.running_softmax(scores.elements, keys.count, high, total, rescale, queries.count, keys.count)
        let isFirst = keys.lowerBound == segment.lowerBound
        if !isFirst { scaleRows(out, by: rescale, rows: queries.count) }
        let weights = applyMask(tile, scores.elements, into: dropped.elements)
        MatrixProduct.accumulate(
          Operand(weights, stride: keys.count),
          Operand(v.elements + keys.lowerBound * columns + head * width, stride: columns), into: out,
          stride: columns, m: queries.count, n: width, k: keys.count, beta: isFirst ? 0 : 1)
      }
      for row in 0..<queries.count {
        logTotals.elements[head * q.rows + queries.lowerBound + row] = high[row] + log(total[row])
        rescale[row] = 1 / total[row]
      }
      scaleRows(out, by: rescale, rows: queries.count)
    }
  }

  /// Adds to the gradients of q, k and v, each [T, columns].
  ///
  /// With P the weights and M the mask's factors: dV = (P ⊙ M)ᵀ dY, dP = (dY Vᵀ) ⊙ M,
  /// dS = P ⊙ (dP − D) where D is each row's dY · Y, dQ = dS K, dK = dSᵀ Q.
  func backward(
    y: Matrix, logTotals: Matrix, dy: UnsafePointer<Float>, dq: UnsafeMutablePointer<Float>,
    dk: UnsafeMutablePointer<Float>, dv: UnsafeMutablePointer<Float>
  ) {
    let buffers = (0..<3).map { _ in Matrix(uninitialised: Self.block, Self.block, pool: pool) }
    defer { withExtendedLifetime(buffers) {} }
    let (weights, dropped, gradients) = (buffers[0].elements, buffers[1].elements, buffers[2].elements)
    forEachQueryBlock { head, queries, segment in
      let start = queries.lowerBound * columns + head * width
      let inner = (0..<queries.count).map { row -> Float in
        var dot: Float = 0
        loops.row_dots(dy + start + row * columns, columns, y.elements + start + row * columns, &dot, 1, width)
        return dot
      }
      for keys in blocks(of: segment) {
        let tile = Tile(head: head, queries: queries, keys: keys, origin: segment.lowerBound)
        let other = keys.lowerBound * columns + head * width
        multiplyQueriesByKeys(tile, into: weights)
        loops.exp_rows(
          weights, keys.count, logTotals.elements + head * q.rows + queries.lowerBound, queries.count, keys.count)
        let masked = applyMask(tile, weights, into: dropped)
        MatrixProduct.accumulate(
          Operand(masked, stride: keys.count, transposed: true), Operand(dy + start, stride: columns),
          into: dv + other, stride: columns, m: keys.count, n: width, k: queries.count, beta: 1)
        MatrixProduct.accumulate(
          Operand(dy + start, stride: columns), Operand(v.elements + other, stride: columns, transposed: true),
          into: gradients, stride: keys.count, m: queries.count, n: keys.count, k: width)
        let upstream = applyMask(tile, gradients, into: dropped)
        loops.softmax_gradient(weights, upstream, inner, gradients, queries.count, keys.count)
        MatrixProduct.accumulate(
          Operand(gradients, stride: keys.count), Operand(k.elements + other, stride: columns), into: dq + start,
          stride: columns, m: queries.count, n: width, k: keys.count, beta: 1)
        MatrixProduct.accumulate(
          Operand(gradients, stride: keys.count, transposed: true), Operand(q.elements + start, stride: columns),
          into: dk + other, stride: columns, m: keys.count, n: width, k: queries.count, beta: 1)
      }
    }
  }

  private func forEachQueryBlock(_ body: (_ head: Int, _ queries: Range<Int>, _ segment: Range<Int>) -> Void) {
    for index in segments.indices {
      for head in 0..<heads {
        for queries in blocks(of: segments[index]) { body(head, queries, segments[index]) }
      }
    }
  }

  private func blocks(of rows: Range<Int>) -> [Range<Int>] {
    stride(from: rows.lowerBound, to: rows.upperBound, by: Self.block).map {
      $0..<min($0 + Self.block, rows.upperBound)
    }
  }

  private func multiplyQueriesByKeys(_ tile: Tile, into scores: UnsafeMutablePointer<Float>) {
    MatrixProduct.accumulate(
      Operand(q.elements + tile.queries.lowerBound * columns + tile.head * width, stride: columns),
      Operand(k.elements + tile.keys.lowerBound * columns + tile.head * width, stride: columns, transposed: true),
      into: scores, stride: tile.keys.count, m: tile.queries.count, n: tile.keys.count, k: width)
  }

  private func scaleRows(_ out: UnsafeMutablePointer<Float>, by factors: UnsafePointer<Float>, rows: Int) {
    for row in 0..<rows { loops.scale(factors[row], out + row * columns, out + row * columns, width) }
  }

  /// The tile's weights with dropout applied; the weights themselves where there is none.
  private func applyMask(
    _ tile: Tile, _ weights: UnsafeMutablePointer<Float>, into dropped: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    guard let mask else { return weights }
    for row in 0..<tile.queries.count {
      let counter = mask.counter(
        row: tile.queries.lowerBound + row, column: tile.keys.lowerBound - tile.origin, head: tile.head,
        heads: heads)
      let offset = row * tile.keys.count
      loops.dropout(
        weights + offset, mask.probability, mask.key, counter, dropped + offset, tile.keys.count)
    }
    return dropped
  }
}
