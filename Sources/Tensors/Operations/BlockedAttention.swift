import CKernels
import Foundation

/// Attention within segments, block of queries by block of keys, forward and back.
struct BlockedAttention: Sendable {
  let q: Matrix
  let k: Matrix
  let v: Matrix
  let heads: Int
  let segments: Segments
  let mask: AttentionDropout?
  let pool: BufferPool

  let kernels: Kernels
  let threads: Int

  /// Rows of keys, and of queries, worked on at once on the way back.
  private static let block = 128

  /// Rows of keys that a block of queries meets at once on the way forward: many, since each row's maximum and sum are
  /// carried from block to block.
  private static let keyRows = 256

  /// Rows of queries that meet them: their scores stay in the innermost cache.
  private static let queryRows = 24

  private var loops: ck_kernels { kernels.loops }
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
  ///
  /// A head's keys and values are laid out once and met by every block of queries. A row's result depends on no other
  /// query, so blocks of queries may be any thread's.
  func forward(into y: Matrix, logTotals: Matrix) {
    let own = QueryMemory(rows: Self.queryRows, keys: Self.keyRows, pool: pool)
    let longest = segments.indices.map { segments[$0].count }.max() ?? 0
    let laidOut = LaidOutKeys(rows: longest, block: Self.keyRows, width: width, pool: pool, kernels: kernels)
    for index in segments.indices {
      let segment = segments[index]
      let (queryBlocks, keyBlocks) = (blocks(of: segment, Self.queryRows), blocks(of: segment, Self.keyRows))
      for head in 0..<heads {
        for (place, keys) in keyBlocks.enumerated() {
          let first = keys.lowerBound * columns + head * width
          laidOut.set(place, keys: k.elements + first, values: v.elements + first, stride: columns, rows: keys.count)
        }
        let attend = { @Sendable (queries: Range<Int>, memory: QueryMemory) in
          forward(head, queries, keyBlocks, laidOut, memory, into: y, logTotals: logTotals)
        }
        if threads > 1, queryBlocks.count > 1 {
          Parallel.forEach(
            count: queryBlocks.count, threads: threads,
            state: { QueryMemory(rows: Self.queryRows, keys: Self.keyRows, pool: pool) }
          ) { attend(queryBlocks[$0], $1) }
        } else {
          for queries in queryBlocks { attend(queries, own) }
        }
      }
    }
  }

  /// One head's attention of a block of queries to all keys of their segment.
  private func forward(
    _ head: Int, _ queries: Range<Int>, _ keyBlocks: [Range<Int>], _ laidOut: LaidOutKeys, _ memory: QueryMemory,
    into y: Matrix, logTotals: Matrix
  ) {
    let (high, total, rescale) = (memory.high, memory.total, memory.rescale)
    high.update(repeating: -.infinity, count: queries.count)
    total.update(repeating: 0, count: queries.count)
    let first = queries.lowerBound * columns + head * width
    let out = y.elements + first
    for row in 0..<queries.count { (out + row * columns).update(repeating: 0, count: width) }
    for (place, keys) in keyBlocks.enumerated() {
      let tile = Tile(head: head, queries: queries, keys: keys, origin: keyBlocks[0].lowerBound)
      loops.packed_product(
        q.elements + first, columns, laidOut.keys(place), memory.zeros, memory.scores, keys.count, queries.count, width,
        keys.count)
      loops.running_softmax(memory.scores, keys.count, high, total, rescale, queries.count, keys.count)
      if place > 0 { loops.scale_rows(rescale, out, columns, queries.count, width) }
      let weights = applyMask(tile, memory.scores, into: memory.dropped)
      loops.packed_product(
        weights, keys.count, laidOut.values(place), nil, out, columns, queries.count, keys.count, width)
    }
    for row in 0..<queries.count {
      logTotals.elements[head * q.rows + queries.lowerBound + row] = high[row] + log(total[row])
      rescale[row] = 1 / total[row]
    }
    loops.scale_rows(rescale, out, columns, queries.count, width)
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
      for keys in blocks(of: segment, Self.block) {
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
        for queries in blocks(of: segments[index], Self.block) { body(head, queries, segments[index]) }
      }
    }
  }

  private func blocks(of rows: Range<Int>, _ count: Int) -> [Range<Int>] {
    stride(from: rows.lowerBound, to: rows.upperBound, by: count).map { $0..<min($0 + count, rows.upperBound) }
  }

  private func multiplyQueriesByKeys(_ tile: Tile, into scores: UnsafeMutablePointer<Float>) {
    MatrixProduct.accumulate(
      Operand(q.elements + tile.queries.lowerBound * columns + tile.head * width, stride: columns),
      Operand(k.elements + tile.keys.lowerBound * columns + tile.head * width, stride: columns, transposed: true),
      into: scores, stride: tile.keys.count, m: tile.queries.count, n: tile.keys.count, k: width)
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

/// What one thread needs for a block of queries: their scores against a block of keys, and what each row carries along.
private final class QueryMemory: Sendable {
  private let tiles: Matrix
  private let carried: Matrix
  /// What scores start from.
  private let none: Matrix

  init(rows: Int, keys: Int, pool: BufferPool) {
    tiles = Matrix(uninitialised: 2 * rows, keys, pool: pool)
    carried = Matrix(uninitialised: 3, rows, pool: pool)
    none = Matrix(rows: 1, columns: keys, pool: pool)
  }

  var zeros: UnsafePointer<Float> { UnsafePointer(none.elements) }

  var scores: UnsafeMutablePointer<Float> { tiles.elements }
  var dropped: UnsafeMutablePointer<Float> { tiles.elements + tiles.count / 2 }
  var high: UnsafeMutablePointer<Float> { carried.elements }
  var total: UnsafeMutablePointer<Float> { carried.elements + carried.columns }
  var rescale: UnsafeMutablePointer<Float> { carried.elements + 2 * carried.columns }
}

/// One head's keys, transposed, and values, block by block, as the products of packed weights take them.
private final class LaidOutKeys: Sendable {
  private let width: Int
  private let keySize: Int
  private let valueSize: Int
  private let storage: Matrix
  private let kernels: Kernels

  init(rows: Int, block: Int, width: Int, pool: BufferPool, kernels: Kernels) {
    (self.width, self.kernels) = (width, kernels)
    let loops = kernels.loops
    (keySize, valueSize) = (loops.packed_count(width, block), loops.packed_count(block, width))
    storage = Matrix(uninitialised: (rows + block - 1) / block, keySize + valueSize, pool: pool)
  }

  func keys(_ place: Int) -> UnsafeMutablePointer<Float> { storage.elements + place * storage.columns }
  func values(_ place: Int) -> UnsafeMutablePointer<Float> { keys(place) + keySize }

  func set(_ place: Int, keys: UnsafePointer<Float>, values: UnsafePointer<Float>, stride: Int, rows: Int) {
    kernels.loops.pack(keys, 1, stride, width, rows, self.keys(place))
    kernels.loops.pack(values, stride, 1, rows, width, self.values(place))
  }
}
