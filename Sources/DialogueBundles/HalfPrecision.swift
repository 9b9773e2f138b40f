/// IEEE 754 half precision to single precision, exactly, in a loop that compilers turn into vector instructions.
///
/// The library's own conversion takes some fifty times longer, a processor's conversion instruction is not in every
/// machine, and the compiler's routine for machines without is called once per element.
enum HalfPrecision {
  /// Writes the value of each half into the single of the same index.
  static func widen(_ halves: UnsafeBufferPointer<UInt16>, into singles: UnsafeMutableBufferPointer<Float>) {
    // The exponent's bias is 15 in a half and 127 in a single; the product is exact, subnormal halves included.
    let rebias = Float(sign: .plus, exponent: 112, significand: 1)
    for index in 0..<min(halves.count, singles.count) {
      let half = UInt32(halves[index])
      let magnitude = (half & 0x7FFF) << 13
      let scaled = (Float(bitPattern: magnitude) * rebias).bitPattern
      // An exponent of all ones stays all ones: infinity or not a number.
      let special: UInt32 = magnitude >= 0x0F80_0000 ? 0x7F80_0000 : 0
      singles[index] = Float(bitPattern: scaled | special | (half & 0x8000) << 16)
    }
  }
}
