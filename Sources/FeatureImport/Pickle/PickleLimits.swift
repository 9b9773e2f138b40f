/// How much a pickle may ask for before it is refused.
public struct PickleLimits: Sendable, Hashable {
  /// Containers within containers.
  public var depth: Int
  /// Bytes of memory that building the value may take, counted generously; also the size the value may have when every
  /// shared part is written out in full.
  public var memory: Int

  public init(depth: Int = 64, memory: Int) {
    self.depth = depth
    self.memory = memory
  }

  /// Room for any honest pickle of a given size: 512 MB and eight times the size.
  public static func standard(forBytes count: Int) -> PickleLimits {
    let (scaled, overflow) = count.multipliedReportingOverflow(by: 8)
    return PickleLimits(memory: (512 << 20) + (overflow ? Int.max / 2 : scaled))
  }
}
