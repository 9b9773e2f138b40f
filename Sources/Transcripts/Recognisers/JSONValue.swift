/// A JSON document as read: members keep their order.
///
/// Foundation's readers do not serve here: they refuse `NaN`, which WhisperX writes for words that it could not align,
/// do not say in which line a document is damaged, and read a few megabytes a second.
enum JSONValue: Sendable, Hashable {
  struct Member: Sendable, Hashable {
    var key: String
    var value: JSONValue
  }

  /// Null.
  case null
  /// True or false.
  case bool(Bool)
  /// Any other number.
  case number(Double)
  /// A text.
  case string(String)
  /// An array.
  case array([JSONValue])
  case object([Member])

  /// The member of this name; nil where there is none, where it is null, and in a value that is no object.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self, let member = members.first(where: { $0.key == key }) else { return nil }
    return member.value == .null ? nil : member.value
  }

  /// The first member of these names.
  func first(_ keys: String...) -> JSONValue? {
    for key in keys { if let value = self[key] { return value } }
    return nil
  }

  /// The elements of an array; empty for any other value.
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

  /// The members of an object; empty for any other value.
  var members: [Member] { if case .object(let members) = self { members } else { [] } }

  var string: String? { if case .string(let text) = self { text } else { nil } }

  /// A finite number, also one that is written as a string: `"1.25"`, and Google's `"1.25s"`.
  var seconds: Double? {
    switch self {
    case .number(let number): number.isFinite ? number : nil
    case .string(let text): TimeCode.seconds(text)
    default: nil
    }
  }

  /// A name: a string with something in it, or a whole number, as recognisers number speakers and channels.
  var label: String? {
    switch self {
    case .string(let text): text.allSatisfy(\.isWhitespace) ? nil : text
    case .number(let number): Int(exactly: number).map(String.init)
    default: nil
    }
  }
}

/// Reads JSON as RFC 8259 defines it, with a limit on nesting and on the number of values.
///
/// Two things beyond the standard are accepted, since programs write them: the numbers `NaN` and `Infinity`, and control
/// characters inside strings. Half of a surrogate pair becomes U+FFFD.
struct JSONParser {
  private let bytes: [UInt8]
  private let name: String
  private let limits: TranscriptLimits
  private var index = 0
  private var count = 0

  /// - Throws: `TranscriptError` with the line at which the text is no JSON, nests too deeply or holds too much.
  static func parse(_ source: SourceText, limits: TranscriptLimits) throws -> JSONValue {
    var parser = JSONParser(bytes: Array(source.text.utf8), name: source.name, limits: limits)
    let value = try parser.value(depth: 1)
    parser.skipBlanks()
    guard parser.index == parser.bytes.count else { throw parser.error(expected: "the end of the file") }
    return value
  }

  private init(bytes: [UInt8], name: String, limits: TranscriptLimits) {
    self.bytes = bytes
    self.name = name
    self.limits = limits
  }

  private var line: Int { bytes[..<min(index, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1 }

  private func error(expected: String) -> TranscriptError {
    let rest = bytes[min(index, bytes.count)...].prefix(20)
    let found = rest.isEmpty ? "the end of the file" : String(decoding: rest, as: UTF8.self)
    return .syntax("the JSON is damaged", in: name, line: line, found: found, expected: expected)
  }

  private mutating func skipBlanks() {
    while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) { index += 1 }
  }

  /// Takes a byte if it comes next, behind blanks.
  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard index < bytes.count, bytes[index] == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth <= limits.depth else { throw TranscriptError.tooDeep(name, line: line, limit: limits.depth) }
    count += 1
    guard count <= limits.elements else {
      throw TranscriptError.tooMany("JSON values", in: name, at: "line \(line)", limit: limits.elements)
    }
    if take("{") { return .object(try members(depth: depth)) }
    if take("[") { return .array(try elements(depth: depth)) }
    if take("\"") { return .string(try string()) }
    let isDigit = index < bytes.count && (0x30...0x39).contains(bytes[index])
    if !isDigit, let (word, value) = Self.words.first(where: { bytes[index...].starts(with: $0.0) }) {
      index += word.count
      return value
    }
    return .number(try number())
  }

  private static let words: [([UInt8], JSONValue)] = [
    (Array("true".utf8), .bool(true)), (Array("false".utf8), .bool(false)), (Array("null".utf8), .null),
    (Array("NaN".utf8), .number(.nan)), (Array("Infinity".utf8), .number(.infinity)),
    (Array("-Infinity".utf8), .number(-.infinity)),
  ]

  private mutating func members(depth: Int) throws -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if take("}") { return members }
    repeat {
      guard take("\"") else { throw error(expected: "a key in quotation marks") }
      let key = try string()
      guard take(":") else { throw error(expected: "`:` behind the key `\(printable(key))`") }
      members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw error(expected: "`,` or `}`") }
    return members
  }

  private mutating func elements(depth: Int) throws -> [JSONValue] {
    var elements: [JSONValue] = []
    if take("]") { return elements }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw error(expected: "`,` or `]`") }
    return elements
  }

  private mutating func number() throws -> Double {
    let rest = bytes[index...]
    let digits = rest.prefix(while: { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) })
    guard let first = digits.first, first == 0x2D || (0x30...0x39).contains(first),
      let number = Double(String(decoding: digits, as: UTF8.self))
    else { throw error(expected: "a value") }
    index += digits.count
    return number
  }

  /// Reads a string whose opening quotation mark is taken.
  private mutating func string() throws -> String {
    var text = ""
    while true {
      let start = index
      while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\") { index += 1 }
      text += String(decoding: bytes[start..<index], as: UTF8.self)
      guard index < bytes.count else { throw error(expected: "a quotation mark at the end of a string") }
      let isEnd = bytes[index] == UInt8(ascii: "\"")
      index += 1
      if isEnd { return text }
      text.unicodeScalars.append(try escape())
    }
  }

  private static let escapes: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "n"): "\n", UInt8(ascii: "t"): "\t", UInt8(ascii: "r"): "\r", UInt8(ascii: "b"): "\u{8}",
    UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
  ]

  private mutating func escape() throws -> Unicode.Scalar {
    guard index < bytes.count else { throw error(expected: "an escaped letter") }
    if let scalar = Self.escapes[bytes[index]] {
      index += 1
      return scalar
    }
    guard bytes[index] == UInt8(ascii: "u"), let high = hexadecimal(at: index + 1) else {
      throw error(expected: "an escape that JSON knows")
    }
    index += 5
    guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
    let hasSecond =
      index + 1 < bytes.count && bytes[index] == UInt8(ascii: "\\") && bytes[index + 1] == UInt8(ascii: "u")
    guard hasSecond, let low = hexadecimal(at: index + 2), (0xDC00..<0xE000).contains(low) else { return "\u{FFFD}" }
    index += 6
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
  }

  private func hexadecimal(at start: Int) -> UInt32? {
    guard start + 4 <= bytes.count else { return nil }
    let digits = bytes[start..<start + 4]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }) else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
