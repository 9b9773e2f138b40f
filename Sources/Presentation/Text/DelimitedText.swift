/// A streaming encoder of comma-separated or tab-separated values, one record a line.
public struct DelimitedText: Sendable {
  /// What stands between fields, and how a field that holds it is written.
  public enum Flavour: Sendable {
    /// RFC 4180, with lines ended by a line feed: a field with a comma, a quote or a line break stands in quotes.
    case csv
    /// Tabs between fields; a tab, line feed, carriage return or backslash within one is written `\t`, `\n`, `\r`, `\\`.
    case tsv
  }

  /// What has been encoded so far; whoever writes it out empties it.
  public var bytes: [UInt8] = []
  /// How fields are separated and quoted.
  public let flavour: Flavour
  private var isFirst = true

  /// An empty text.
  public init(_ flavour: Flavour) {
    self.flavour = flavour
  }

  /// Encodes a whole record.
  public mutating func record(_ fields: [String]) {
    for text in fields { field(text) }
    endRecord()
  }

  /// Ends the record and begins the next.
  public mutating func endRecord() {
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
  }

  /// Encodes one field; nil is an empty one.
  public mutating func field(_ text: String?) {
    separate()
    guard let text else { return }
    switch flavour {
    case .csv: quoted(text)
    case .tsv: escaped(text)
    }
  }

  /// A whole number; nil gives an empty field.
  public mutating func field(_ number: Int?) {
    separate()
    guard let number else { return }
    bytes.append(addingCapacity: 24) { digits in
      if number < 0 { digits.append(UInt8(ascii: "-")) }
      Self.append(number.magnitude, to: &digits)
    }
  }

  /// Encodes a number rounded to six decimals, without the zeros at its end; nil and NaN are an empty field.
  public mutating func field(_ number: Double?) {
    separate()
    guard let number, !number.isNaN else { return }
    let scaled = (number * 1e6).rounded()
    guard abs(scaled) < 1e15 else {
      bytes.append(contentsOf: number.description.utf8)
      return
    }
    let (whole, fraction) = Int(scaled.magnitude).quotientAndRemainder(dividingBy: 1_000_000)
    // Digits without a `String` in between: listings have millions of numbers.
    bytes.append(addingCapacity: 24) { digits in
      if scaled < 0 { digits.append(UInt8(ascii: "-")) }
      Self.append(UInt(whole), to: &digits)
      guard fraction > 0 else { return }
      digits.append(UInt8(ascii: "."))
      let (thousandths, rest) = fraction.quotientAndRemainder(dividingBy: 1000)
      Self.append(decimals: thousandths, trimmed: rest == 0, to: &digits)
      if rest > 0 { Self.append(decimals: rest, trimmed: true, to: &digits) }
    }
  }

  /// Three decimals, without the zeros at their end where they are the last ones.
  private static func append(decimals: Int, trimmed: Bool, to digits: inout OutputSpan<UInt8>) {
    digits.append(digit(decimals / 100))
    if trimmed && decimals % 100 == 0 { return }
    digits.append(digit(decimals / 10 % 10))
    if trimmed && decimals % 10 == 0 { return }
    digits.append(digit(decimals % 10))
  }

  private static func append(_ number: UInt, to digits: inout OutputSpan<UInt8>) {
    if number < 10 { return digits.append(digit(Int(number))) }
    var divisor: UInt = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      digits.append(digit(Int(number / divisor % 10)))
      divisor /= 10
    }
  }

  private static func digit(_ value: Int) -> UInt8 {
    UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)
  }

  /// Encodes fields that were encoded before with the same flavour, as the `bytes` of an unfinished record.
  ///
  /// - Parameter encoded: at least one field.
  public mutating func fields(_ encoded: [UInt8]) {
    separate()
    bytes.append(contentsOf: encoded)
  }

  private mutating func separate() {
    if !isFirst { bytes.append(flavour == .csv ? UInt8(ascii: ",") : UInt8(ascii: "\t")) }
    isFirst = false
  }

  private mutating func quoted(_ text: String) {
    let isSpecial = appendUnlessSpecial(text) { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    guard isSpecial else { return }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ text: String) {
    let isSpecial = appendUnlessSpecial(text) { byte in
      byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "\\")
    }
    guard isSpecial else { return }
    for byte in text.utf8 {
      switch byte {
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      default: bytes.append(byte)
      }
    }
  }

  /// Appends the text as it is, in one piece, where no byte of it is special.
  ///
  /// - Returns: whether one is; nothing is appended then.
  private mutating func appendUnlessSpecial(_ text: String, _ special: (UInt8) -> Bool) -> Bool {
    let length = bytes.count
    bytes.append(contentsOf: text.utf8)
    for index in length..<bytes.count where special(bytes[index]) {
      bytes.removeSubrange(length...)
      return true
    }
    return false
  }
}
