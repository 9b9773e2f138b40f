extension TOMLParser {
  /// A value without quotes or brackets: true, false, a number, a date or a time.
  mutating func word() throws(TOMLSyntaxError) -> SettingValue {
    let start = position
    var word = String(decoding: takeWord(), as: UTF8.self)
    // A date and a time may be parted by a blank.
    if Self.isDate(word), peek == 0x20, position + 1 < bytes.count, bytes[position + 1].isDigit {
      position += 1
      word += "T" + String(decoding: takeWord(), as: UTF8.self)
    }
    switch word {
    case "": throw failure("a value is missing", at: start)
    case "true": return .flag(true)
    case "false": return .flag(false)
    case "inf", "+inf": return .number(.infinity)
    case "-inf": return .number(-.infinity)
    case "nan", "+nan", "-nan": return .number(.nan)
    default: break
    }
    if let moment = Self.moment(word) { return .other(moment) }
    if let number = Self.number(word) { return number }
    throw failure("\"\(word)\" is neither a number, a date, true nor false; text stands in quotes", at: start)
  }

  private mutating func takeWord() -> ArraySlice<UInt8> {
    let word = bytes[position...].prefix { $0 > 0x20 && !",]}#=".utf8.contains($0) && $0 != 0x7F }
    position = word.endIndex
    return word
  }

  /// A whole number, in any of the four notations, or one with a decimal point or an exponent.
  private static func number(_ word: String) -> SettingValue? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
      let digits = word.dropFirst(2)
      guard digits.first != "-", digits.first != "+", let plain = withoutUnderscores(digits, where: \.isHexDigit) else {
        return nil
      }
      return Int(plain, radix: radix).map(SettingValue.integer)
    }
    guard let plain = withoutUnderscores(word[...], where: \.isWholeNumber) else { return nil }
    if plain.wholeMatch(of: /[+-]?(0|[1-9][0-9]*)/) != nil { return Int(plain).map(SettingValue.integer) }
    guard plain.wholeMatch(of: /[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else { return nil }
    return Double(plain).map(SettingValue.number)
  }

  /// Underscores stand between digits only.
  private static func withoutUnderscores(_ word: Substring, where isDigit: (Character) -> Bool) -> String? {
    guard word.contains("_") else { return String(word) }
    let parts = word.split(separator: "_", omittingEmptySubsequences: false)
    for (before, after) in zip(parts, parts.dropFirst()) {
      guard before.last.map(isDigit) == true, after.first.map(isDigit) == true else { return nil }
    }
    return parts.joined()
  }

  private static func isDate(_ word: String) -> Bool { moment(word) == "date" }

  /// `date`, `time` or `date and time`; nil for what is none of them.
  ///
  /// No key takes one, so the form is enough.
  private static func moment(_ word: String) -> String? {
    if word.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil { return "date" }
    if word.wholeMatch(of: /\d\d:\d\d:\d\d(\.\d+)?/) != nil { return "time" }
    let both = /\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?/
    return word.wholeMatch(of: both) == nil ? nil : "date and time"
  }
}
