/// The strings, numbers and flags of a TextGrid, one after the other.
struct TextGridTokens {
  private enum Token {
    case string(String)
    case number(Double)
    case flag(Bool)
  }

  private let bytes: [UInt8]
  private let name: String
  private var index = 0
  private var newlines = 0
  /// The line of the token read last.
  private(set) var line = 1
  private var last = ""

  init(_ source: SourceText) {
    bytes = Array(source.text.utf8)
    name = source.name
  }

  /// The error that something else was expected than the token read last.
  func error(_ expected: String) -> TranscriptError {
    .syntax("the TextGrid is damaged", in: name, line: line, found: last, expected: expected)
  }

  mutating func string(_ expected: String) throws -> String {
    guard case .string(let text) = next() else { throw error(expected) }
    return text
  }

  mutating func number(_ expected: String) throws -> Double {
    guard case .number(let number) = next() else { throw error(expected) }
    return number
  }

  /// A number of things that follow; each of them takes bytes, so it cannot exceed those of the file.
  mutating func count(_ expected: String) throws -> Int {
    let number = try number(expected)
    guard number >= 0, number <= Double(bytes.count), let count = Int(exactly: number) else { throw error(expected) }
    return count
  }

  mutating func flag() throws -> Bool {
    guard case .flag(let flag) = next() else { throw error("<exists>") }
    return flag
  }

  private mutating func next() -> Token? {
    while index < bytes.count {
      let byte = bytes[index]
      if byte <= 0x20 {
        advance()
      } else if byte == UInt8(ascii: "!") {
        while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D { advance() }
      } else if byte == UInt8(ascii: "\"") {
        return string()
      } else if let token = word() {
        return token
      }
    }
    line = newlines + 1
    last = "the end of the file"
    return nil
  }

  private mutating func advance() {
    let isBreak = bytes[index] == 0x0A || bytes[index] == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)
    if isBreak { newlines += 1 }
    index += 1
  }

  /// Reads a string; a file that ends inside of one has no token there.
  private mutating func string() -> Token? {
    line = newlines + 1
    var text: [UInt8] = []
    index += 1
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\"") {
        index += 1
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
          last = "\"\(String(decoding: text, as: UTF8.self))\""
          return .string(String(decoding: text, as: UTF8.self))
        }
      }
      text.append(bytes[index])
      advance()
    }
    last = "a string without an end"
    return nil
  }

  /// Reads up to the next blank; nil where that is decoration.
  private mutating func word() -> Token? {
    line = newlines + 1
    let word = bytes[index...].prefix { $0 > 0x20 }
    index = word.endIndex
    last = String(decoding: word.prefix(80), as: UTF8.self)
    switch last {
    case "<exists>": return .flag(true)
    case "<absent>": return .flag(false)
    default: return TimeCode.finite(last).map { .number($0) }
    }
  }
}
