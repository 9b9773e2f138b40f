/// The escape sequences of pickle protocol 0.
enum PickleEscapes {
  /// The bytes of a quoted Python 2 string such as `'it\'s'`.
  static func string(_ literal: ArraySlice<UInt8>) throws -> [UInt8] {
    // Python 2 on Windows wrote a carriage return before the line feed.
    let trimmed = literal.last == 0x0D ? literal.dropLast() : literal
    guard trimmed.count >= 2, let quote = trimmed.first, quote == 0x27 || quote == 0x22, trimmed.last == quote else {
      throw PickleFault("the pickle is damaged", found: "a string without quotes")
    }
    let body = trimmed.dropFirst().dropLast()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count)
    var cursor = ByteCursor(body, at: body.startIndex)
    while let byte = cursor.byte() {
      guard byte == 0x5C else {
        bytes.append(byte)
        continue
      }
      guard let letter = cursor.byte() else { throw badEscape }
      switch letter {
      case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): bytes.append(letter)
      case UInt8(ascii: "a"): bytes.append(0x07)
      case UInt8(ascii: "b"): bytes.append(0x08)
      case UInt8(ascii: "f"): bytes.append(0x0C)
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "v"): bytes.append(0x0B)
      case UInt8(ascii: "x"):
        guard let digits = cursor.take(2), let value = hexadecimal(digits) else { throw badEscape }
        bytes.append(UInt8(value))
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        var value = Int(letter - UInt8(ascii: "0"))
        for _ in 0..<2 {
          var ahead = cursor
          guard let digit = ahead.byte(), (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { break }
          value = value * 8 + Int(digit - UInt8(ascii: "0"))
          cursor = ahead
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
      default:
        // Python keeps the backslash of a sequence that it does not know.
        bytes.append(byte)
        bytes.append(letter)
      }
    }
    return bytes
  }

  /// Text in Python's raw-unicode-escape: Latin-1 with `\uXXXX` and `\UXXXXXXXX`.
  static func unicode(_ literal: ArraySlice<UInt8>) -> String {
    var units: [UInt16] = []
    units.reserveCapacity(literal.count)
    var cursor = ByteCursor(literal, at: literal.startIndex)
    while let byte = cursor.byte() {
      var ahead = cursor
      if byte == 0x5C, let letter = ahead.byte(), letter == UInt8(ascii: "u") || letter == UInt8(ascii: "U"),
        let digits = ahead.take(letter == UInt8(ascii: "u") ? 4 : 8), let value = hexadecimal(digits)
      {
        cursor = ahead
        if value <= 0xFFFF {
          // Narrow builds of Python wrote surrogates one by one; they join when the units are decoded.
          units.append(UInt16(value))
        } else {
          units.append(contentsOf: Unicode.Scalar(UInt32(value)).map { Array(String($0).utf16) } ?? [0xFFFD])
        }
      } else {
        units.append(UInt16(byte))
      }
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static let badEscape = PickleFault("the pickle is damaged", found: "a broken escape sequence")

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> Int? {
    // Int(_:radix:) would take a sign as well.
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
