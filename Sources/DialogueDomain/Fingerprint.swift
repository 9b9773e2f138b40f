/// A short name for a text that tells it from others: sixteen hexadecimal digits of FNV-1a, 64 bits.
///
/// No guard against forgery; what must not be forged has a SHA-256 digest.
public enum Fingerprint {
  /// The fingerprint of a text's UTF-8 bytes.
  public static func text(_ text: String) -> String {
    let digits = String(number(of: text), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The same as a number: FNV-1a, h ← (h ⊕ byte) · 1099511628211 for each byte of the text.
  public static func number(of text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

/// The output function of the random number generator SplitMix64: neighbouring numbers become unrelated ones.
///
/// Used as a hash of counters, it makes random draws that depend on their place alone.
public enum SplitMix64 {
  /// A number whose every bit depends on every bit of `value`; different for different values.
  @inlinable
  public static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
