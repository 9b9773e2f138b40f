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

  public var count: Int { offsets.count - 1 }

  /// Rows of all segments together, T.
  public var rows: Int { offsets[count] }

  public subscript(index: Int) -> Range<Int> { offsets[index]..<offsets[index + 1] }

  /// The longest segment's length.
  public var longest: Int { indices.map { self[$0].count }.max() ?? 0 }

  public var indices: Range<Int> { 0..<count }
}
