/// Where dropout masks come from: a key for each place in the network and the row of the batch, nothing else.
///
/// So a mask does not depend on how the batch was cut into pieces or on which thread a piece ran.
public struct DropoutSource: Sendable {
  private let key: UInt64
  /// The batch row that this computation's first row is.
  let firstRow: Int
  private var site: UInt64 = 0

  /// - Parameters:
  ///   - key: differs from step to step and from branch to branch, as `CounterBasedRandom.key` makes it.
  ///   - firstRow: the batch row at which this computation's rows begin.
  public init(key: UInt64, firstRow: Int) {
    self.key = key
    self.firstRow = firstRow
  }

  /// The key of the next place: places are numbered in the order in which the forward pass reaches them.
  mutating func nextKey() -> UInt64 {
    site += 1
    return CounterBasedRandom.key(key, site)
  }
}
