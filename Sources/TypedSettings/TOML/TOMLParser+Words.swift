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
    var scan = WordScan(plain)
    _ = scan.take("+-")
    let leadsWithZero = scan.isNext("0")
    let whole = scan.digits()
    guard whole > 0, whole == 1 || !leadsWithZero else { return nil }
    if scan.isAtEnd { return Int(plain).map(SettingValue.integer) }
    if scan.take(".") { guard scan.digits() > 0 else { return nil } }
    if scan.take("eE") {
      _ = scan.take("+-")
      guard scan.digits() > 0 else { return nil }
    }
    return scan.isAtEnd ? Double(plain).map(SettingValue.number) : nil
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
    var scan = WordScan(word)
    let hasDate = scan.takes([4, 2, 2], parted: "-")
    if hasDate {
      if scan.isAtEnd { return "date" }
      guard scan.take("Tt") else { return nil }
    }
    guard scan.takes([2, 2, 2], parted: ":") else { return nil }
    if scan.take(".") { guard scan.digits() > 0 else { return nil } }
    if hasDate, !scan.isAtEnd, !scan.take("Zz") {
      guard scan.take("+-"), scan.takes([2, 2], parted: ":") else { return nil }
    }
    return scan.isAtEnd ? hasDate ? "date and time" : "time" : nil
  }
}

/// Walks through the letters of a word.
private struct WordScan {
  private var rest: Substring.UTF8View

  init(_ word: String) {
    rest = word[...].utf8
  }

  var isAtEnd: Bool { rest.isEmpty }

  func isNext(_ letter: Unicode.Scalar) -> Bool { rest.first == UInt8(ascii: letter) }

  /// Takes one of the letters where it is next.
  mutating func take(_ letters: String) -> Bool {
    guard let next = rest.first, letters.utf8.contains(next) else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// Takes the digits that are next.
  ///
  /// - Returns: how many there were.
  mutating func digits() -> Int {
    let count = rest.prefix(while: \.isDigit).count
    rest = rest.dropFirst(count)
    return count
  }

  /// Takes groups of so many digits with a letter between them; nothing where they do not come next.
  mutating func takes(_ groups: [Int], parted letter: String) -> Bool {
    var ahead = self
    for (index, count) in groups.enumerated() {
      guard index == 0 || ahead.take(letter), ahead.digits() == count else { return false }
    }
    self = ahead
    return true
  }
}
