import Dialogue
import Numerics

/// Modalities dropped at random, each utterance being left at least one.
///
/// As in the incomplete-data literature (GCNet), one of an utterance's k modalities, drawn at random, stays; each of the
/// others goes with probability min(1, rate · k / (k − 1)). So the share of modalities that are missing is the rate, up
/// to 1 − 1/k, where every utterance has exactly one left. The draws are the same at every rate: what is missing at one
/// rate is missing at every higher one.
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

/// One modality missing over one contiguous stretch of each dialogue, as when a camera fails for a while.
public struct ContiguousGap: Sendable, Hashable {
  private let share: Double
  private let key: UInt64

  /// - Parameter share: of the dialogue's utterances, rounded up to whole ones.
  public init(share: Double, seed: UInt64, bundleDigest: String) {
    self.share = share
    key = CounterBasedRandom.key(
      seed, CounterBasedRandom.key(named: "gap"), CounterBasedRandom.key(named: bundleDigest))
  }

  /// The rows of a dialogue that the gap covers; every place where it fits is equally likely.
  public func rows(of dialogue: Dialogue) -> Range<Int> {
    let count = dialogue.rows.count
    let length = min(count, Int((share * Double(count) - 1e-9).rounded(.up)))
    let places = count - length + 1
    let draw = CounterBasedRandom.uniform(key, UInt64(dialogue.rows.lowerBound))
    let first = dialogue.rows.lowerBound + min(Int(draw * Double(places)), places - 1)
    return first..<first + length
  }

  /// The modalities left to each utterance, as bits, when the gap is in modality `index`.
  func kept(of cube: BranchLogitCube, without index: Int, dialogues: [Dialogue]) -> [UInt8] {
    var kept = (0..<cube.rows).map(cube.presence(row:))
    for dialogue in dialogues {
      for row in rows(of: dialogue) { kept[row] &= ~(1 << UInt8(index)) }
    }
    return kept
  }
}
