/// The ragged batch's partition: segment i is rows `offsets[i] ..< offsets[i + 1]`, one dialogue each.
public struct Segments: Sendable, Hashable {
  /// From 0, rising, ending at the number of rows.
  public let offsets: [Int]

  /// Consecutive segments of the given lengths.
  public init(lengths: [Int]) {
    var offsets = [0]
    offsets.reserveCapacity(lengths.count + 1)
    for length in lengths { offsets.append(offsets[offsets.count - 1] + length) }
    self.offsets = offsets
  }

  /// How many segments there are.
  public var count: Int { offsets.count - 1 }

  /// Rows of all segments together, T.
  public var rows: Int { offsets[count] }

  /// The rows of one segment.
  public subscript(index: Int) -> Range<Int> { offsets[index]..<offsets[index + 1] }

  /// The longest segment's length.
  public var longest: Int { indices.map { self[$0].count }.max() ?? 0 }

  /// The segments' numbers.
  public var indices: Range<Int> { 0..<count }
}

/// A graph whose edges reach at most `window` rows to either side within a segment, its relations stored as a band.
public struct BandedGraph: Sendable {
  /// The dialogues that edges stay within.
  public let segments: Segments
  /// How many rows an edge reaches to either side.
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
