/// "AMB-GEN v1": weights, features and speakers of the golden data as functions of a name and an index.
///
/// The manifest beside the golden files states the rule; the published code ran on numbers made the same way.
public enum GoldenRule {
  /// FNV-1a 64 of the name.
  public static func stream(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// Output `k` of SplitMix64 started at `stream`.
  public static func output(_ stream: UInt64, _ k: UInt64) -> UInt64 {
    var z = stream &+ (k &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// offset + scale · uniform in [−1, 1), exact in single precision.
  public static func values(_ name: String, count: Int, scale: Float, offset: Float) -> [Float] {
    let stream = stream(name)
    return (0..<count).map { k in
      let uniform = Float(Int(output(stream, UInt64(k)) >> 40) - 8_388_608) * 0x1p-23
      return offset + scale * uniform
    }
  }

  /// Nearly normal numbers: the sum of twelve 16-bit lanes, centred.
  public static func normal(_ name: String, count: Int) -> [Float] {
    let stream = stream(name)
    return (0..<count).map { k in
      let lanes = (0..<3).reduce(0) { sum, part in
        let word = output(stream, UInt64(3 * k + part))
        return sum + Int(word & 0xFFFF) + Int(word >> 16 & 0xFFFF) + Int(word >> 32 & 0xFFFF) + Int(word >> 48)
      }
      return Float(lanes - 393_210) / 65536
    }
  }

  public static func integers(_ name: String, count: Int, below bound: Int) -> [Int] {
    let stream = stream(name)
    return (0..<count).map { Int(output(stream, UInt64($0)) >> 33) % bound }
  }
}
