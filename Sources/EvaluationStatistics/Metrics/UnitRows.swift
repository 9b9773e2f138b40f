/// Rows of counts, one for each unit, laid out so that many of them are added up fast.
///
/// A dialogue's counts are small: where they fit into 16 bits, 32 columns make a vector, and sums stay there for as long as
/// nothing can overflow. A thousand resamples of ten thousand rows are ten million additions of rows.
struct UnitRows {
  private typealias Vector = SIMD32<UInt16>

  private let width: Int
  /// The counts as they came, where one is too large for the vectors; empty otherwise.
  private let wide: [Int32]
  /// Row by row, the last vector of each filled up with zeros.
  private var vectors: [Vector] = []
  private let vectorsPerRow: Int
  /// Rows whose sum surely fits into 16 bits.
  private let block: Int
  /// So many at least, or widening sums would take longer than making them.
  private static let leastBlock = 16

  /// - Parameters:
  ///   - rows: [units, width] counts, row-major, none negative.
  ///   - width: columns of a row.
  init(_ rows: [Int32], width: Int) {
    precondition((rows.min() ?? 0) >= 0, "counts are not negative")
    self.width = width
    block = Int(UInt16.max) / Int(max(rows.max() ?? 0, 1))
    wide = block < Self.leastBlock ? rows : []
    vectorsPerRow = (width + Vector.scalarCount - 1) / Vector.scalarCount
    guard wide.isEmpty else { return }
    vectors = [Vector](repeating: Vector(), count: rows.count / width * vectorsPerRow)
    for (place, count) in rows.enumerated() where count != 0 {
      let (unit, column) = place.quotientAndRemainder(dividingBy: width)
      let (vector, lane) = column.quotientAndRemainder(dividingBy: Vector.scalarCount)
      vectors[unit * vectorsPerRow + vector][lane] = UInt16(truncatingIfNeeded: count)
    }
  }

  /// The sums of each column over some units, each as often as it is named.
  func total(_ units: [Int]) -> [Int] { wide.isEmpty ? narrowTotal(units) : wideTotal(units) }

  private func narrowTotal(_ units: [Int]) -> [Int] {
    var totals = [Int](repeating: 0, count: vectorsPerRow * Vector.scalarCount)
    let (cells, units) = (vectors.span, units.span)
    var first = 0
    while first < units.count {
      let end = min(first + block, units.count)
      for vector in 0..<vectorsPerRow {
        var sum = Vector()
        for index in first..<end { sum &+= cells[units[index] &* vectorsPerRow &+ vector] }
        for lane in sum.indices { totals[vector * Vector.scalarCount + lane] &+= Int(sum[lane]) }
      }
      first = end
    }
    return Array(totals[..<width])
  }

  private func wideTotal(_ units: [Int]) -> [Int] {
    var totals = [Int](repeating: 0, count: width)
    for unit in units {
      for column in 0..<width { totals[column] &+= Int(wide[unit * width + column]) }
    }
    return totals
  }
}
