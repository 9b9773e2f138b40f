import DialogueDomain
import Tensors

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
