/// A streaming JSON encoder: appends values to a byte buffer, one after the other, with no tree in memory.
///
/// Keys come out in the order they are written. Numbers are the shortest text that reads back as the same value; what
/// JSON has no number for (NaN, infinities) becomes `null`.
public struct JSONText: Sendable {
  /// What has been encoded so far; whoever writes it out empties it.
  public var bytes: [UInt8] = []
  /// True where the next value in the open object or array needs a comma before it.
  private var needsComma = false

  /// An empty text.
  public init() {}

  /// Encodes an object whose members `body` adds.
  public mutating func object(_ body: (inout JSONText) throws -> Void) rethrows {
    try nest(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
  }

  /// Encodes an array whose elements `body` adds.
  public mutating func array(_ body: (inout JSONText) throws -> Void) rethrows {
    try nest(UInt8(ascii: "["), UInt8(ascii: "]"), body)
  }

  /// Starts an array that is written out piece by piece; `endArray` ends it.
  public mutating func beginArray() {
    separate()
    bytes.append(UInt8(ascii: "["))
    needsComma = false
  }

  /// Ends the array.
  public mutating func endArray() {
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  /// Ends a line between two values, for people and for JSON Lines; `separated` is false where no comma may follow.
  public mutating func endLine(separated: Bool = true) {
    if separated, needsComma {
      bytes.append(UInt8(ascii: ","))
    }
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  /// Writes a member's key; the next value is the member's.
  public mutating func key(_ name: String) {
    value(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A member that is text; nil gives null.
  public mutating func member(_ name: String, _ text: String?) {
    key(name)
    value(text)
  }

  /// A member that is a whole number; nil gives null.
  public mutating func member(_ name: String, _ number: Int?) {
    key(name)
    if let number { value(number) } else { null() }
  }

  /// A member that is a number; nil, and what is not finite, gives null.
  public mutating func member(_ name: String, _ number: Double?) {
    key(name)
    value(number)
  }

  /// A member that is true or false.
  public mutating func member(_ name: String, _ flag: Bool?) {
    guard let flag else {
      member(name, nil as String?)
      return
    }
    member(name, flag)
  }

  /// Adds a member that is true or false.
  public mutating func member(_ name: String, _ flag: Bool) {
    key(name)
    literal(flag ? "true" : "false")
  }

  /// Encodes a member that is an object.
  public mutating func object(_ name: String, _ body: (inout JSONText) throws -> Void) rethrows {
    key(name)
    try object(body)
  }

  /// Encodes a member that is an array.
  public mutating func array(_ name: String, _ body: (inout JSONText) throws -> Void) rethrows {
    key(name)
    try array(body)
  }

  /// Encodes members that were encoded before, as the inside of an object's braces.
  ///
  /// - Parameter encoded: at least one member.
  public mutating func members(_ encoded: [UInt8]) {
    separate()
    bytes.append(contentsOf: encoded)
  }

  /// A null.
  public mutating func null() { literal("null") }

  /// A whole number.
  public mutating func value(_ number: Int) { literal(number.description) }

  /// A number; nil, and what is not finite, gives null.
  public mutating func value(_ number: Double?) {
    if let number, number.isFinite { literal(number.description) } else { null() }
  }

  /// A number of single precision, in the fewest digits that tell it from its neighbours.
  public mutating func value(_ number: Float) {
    if number.isFinite { literal(number.description) } else { null() }
  }

  /// A text; nil gives null.
  public mutating func value(_ text: String?) {
    guard let text else { return null() }
    separate()
    bytes.append(UInt8(ascii: "\""))
    // Beyond ASCII, what would steer a terminal begins with one of few bytes.
    let special = text.utf8.contains { byte in
      byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F || byte == 0xC2
        || byte == 0xD8 || byte == 0xE2
    }
    if special { escape(text) } else { bytes.append(contentsOf: text.utf8) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(contentsOf: String(scalar).utf8)
      case "\n": bytes.append(contentsOf: "\\n".utf8)
      case "\r": bytes.append(contentsOf: "\\r".utf8)
      case "\t": bytes.append(contentsOf: "\\t".utf8)
      case _ where TextWidth.isControl(scalar): bytes.append(contentsOf: Self.escaped(scalar).utf8)
      default: bytes.append(contentsOf: String(scalar).utf8)
      }
    }
  }

  /// A text as a JSON string with its quotes, for lines that are put together otherwise.
  public static func quoted(_ text: String) -> String {
    var json = JSONText()
    json.value(text)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  private mutating func literal(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func nest(_ open: UInt8, _ close: UInt8, _ body: (inout JSONText) throws -> Void) rethrows {
    separate()
    bytes.append(open)
    needsComma = false
    try body(&self)
    bytes.append(close)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }
}
