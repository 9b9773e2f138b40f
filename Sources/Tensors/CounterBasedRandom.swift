import DialogueDomain

/// Random numbers as a function of a key and a counter: the same draw whatever the batch, the order or the thread.
public enum CounterBasedRandom {
  /// A key made of several numbers, each of which changes it throughout (SplitMix64 steps).
  public static func key(_ parts: UInt64...) -> UInt64 {
    parts.reduce(0x6A09_E667_F3BC_C909) { SplitMix64.mixed($0 ^ SplitMix64.mixed($1)) }
  }

  /// A key for a name, through FNV-1a 64.
  public static func key(named name: String) -> UInt64 {
    SplitMix64.mixed(Fingerprint.number(of: name))
  }

  /// Draw number `counter` of a key, uniform in 0 ..< 1 with 53 random bits.
  public static func uniform(_ key: UInt64, _ counter: UInt64) -> Double {
    Double(SplitMix64.mixed(key ^ SplitMix64.mixed(counter)) >> 11) * 0x1p-53
  }

  /// Draws `first ..< first + count` of a key from the standard normal distribution.
  public static func standardNormal(_ key: UInt64, first: UInt64 = 0, count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      if let start = buffer.baseAddress { Kernels.current.loops.standard_normal(key, first, start, count) }
      filled = count
    }
  }
}

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
