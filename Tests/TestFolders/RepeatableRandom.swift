import DialogueDomain

/// Random numbers that are the same on every run: the sequence SplitMix64.
public struct RepeatableRandom: RandomNumberGenerator {
  private var state: UInt64

  public init(_ seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    defer { state &+= 0x9E37_79B9_7F4A_7C15 }
    return SplitMix64.mixed(state)
  }

  /// Between 0 and 1.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// The bytes with a few of them changed, cut out, doubled, moved or swapped, or replaced by one of the marks.
  ///
  /// - Parameter marks: bytes that mean something in the format, if there are such.
  public mutating func mutated(_ bytes: [UInt8], marks: [UInt8] = []) -> [UInt8] {
    var result = bytes
    for _ in 0...below(5) where !result.isEmpty {
      let position = below(result.count)
      let length = min(result.count - position, 1 + below(below(8) == 0 ? 200 : 6))
      switch below(marks.isEmpty ? 6 : 7) {
      case 0: result[position] = UInt8(below(256))
      case 1: result[position] ^= 1 << UInt8(below(8))
      case 2: result.removeSubrange(position..<position + length)
      case 3: result.insert(contentsOf: result[position..<position + length], at: position)
      case 4: result.swapAt(position, below(result.count))
      case 5: result.insert(contentsOf: result[position..<position + length], at: below(result.count))
      default: result[position] = marks[below(marks.count)]
      }
    }
    return result
  }

  private mutating func below(_ bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }
}
