/// A graph whose edges reach at most `window` rows to either side within a segment, its relations stored as a band.
public struct BandedGraph: Sendable {
  public let segments: Segments
  public let window: Int
  /// [rows, 2 · window + 1]: the relation of row i to row i + k − window at column k; 0 is no edge.
  public let relations: [UInt8]

  /// Asks `relation` for every pair of rows of a segment that the window joins.
  ///
  /// - Parameter relation: the relation of row `i` to its neighbour `j`, 0 for no edge; every row needs one edge.
  public init(_ segments: Segments, window: Int, relation: (_ i: Int, _ j: Int) -> UInt8) {
    self.segments = segments
    self.window = window
    let width = 2 * window + 1
    var relations = [UInt8](repeating: 0, count: segments.rows * width)
    for segment in segments.indices {
      let rows = segments[segment]
      for i in rows {
        for j in max(rows.lowerBound, i - window)..<min(rows.upperBound, i + window + 1) {
          relations[i * width + j + window - i] = relation(i, j)
        }
      }
    }
    self.relations = relations
  }

  /// Columns of the band.
  public var width: Int { 2 * window + 1 }
}
