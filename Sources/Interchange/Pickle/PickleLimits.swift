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

  /// Room for any honest pickle of a given size: 256 MB and 24 times the size, but not more than 8 GB or three times it.
  public static func standard(forBytes count: Int) -> PickleLimits {
    let (scaled, overflow) = count.multipliedReportingOverflow(by: 24)
    let wanted = overflow ? Int.max : scaled
    return PickleLimits(memory: (256 << 20) + min(wanted, max(8 << 30, min(wanted, count * 3))))
  }
}
