/// Sixteen hexadecimal digits that tell texts apart: FNV-1a, 64 bits.
///
/// No guard against forgery.
public enum Fingerprint {
  public static func text(_ text: String) -> String {
    let digits = String(
      text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
