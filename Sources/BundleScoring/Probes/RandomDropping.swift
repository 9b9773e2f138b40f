import Tensors

/// Modalities dropped at random, each utterance being left at least one.
///
/// As in the incomplete-data literature (GCNet), one of an utterance's k modalities, drawn at random, stays; each of
/// the others goes with probability min(1, rate · k / (k − 1)). So the share of modalities that are missing is the
/// rate, up to 1 − 1/k, where every utterance has exactly one left. The draws are the same at every rate: what is
/// missing at one rate is missing at every higher one.
public struct RandomDropping: Sendable, Hashable {
  private let rate: Double
  private let key: UInt64

  public init(rate: Double, seed: UInt64, bundleDigest: String) {
    self.rate = rate
    key = CounterBasedRandom.key(
      seed, CounterBasedRandom.key(named: "dropping"), CounterBasedRandom.key(named: bundleDigest))
  }

  /// The modalities left to an utterance, as bits.
  ///
  /// - Parameters:
  ///   - present: those it has, as bits.
  ///   - row: its row in the bundle.
  public func kept(of present: UInt8, row: Int) -> UInt8 {
    let bits = (0..<8).filter { present & (1 << UInt8($0)) != 0 }
    guard bits.count > 1, rate > 0 else { return present }
    let first = UInt64(row) * 16
    let stays = bits[min(Int(CounterBasedRandom.uniform(key, first) * Double(bits.count)), bits.count - 1)]
    let probability = rate * Double(bits.count) / Double(bits.count - 1)
    return bits.reduce(present) { kept, bit in
      let goes = bit != stays && CounterBasedRandom.uniform(key, first + 1 + UInt64(bit)) < probability
      return goes ? kept & ~(1 << UInt8(bit)) : kept
    }
  }

  func kept(of cube: BranchLogitCube) -> [UInt8] {
    (0..<cube.rows).map { kept(of: cube.presence(row: $0), row: $0) }
  }
}
