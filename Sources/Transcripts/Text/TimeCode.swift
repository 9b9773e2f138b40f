/// Times as transcripts write them, in seconds.
enum TimeCode {
  /// Seconds of `[[hours:]minutes:]seconds[.fraction]`, with a point or a comma: `00:01:02,500`, `1:02.5`.
  ///
  /// The leading number may be of any length; minutes and seconds behind another number are below 60. The result is the
  /// number closest to the decimal text. Anything else is no time: nil.
  static func clock(_ text: some StringProtocol) -> Double? {
    var parts: [Int] = []
    var number: Int?
    var digits = 0
    var fraction = ""
    var inFraction = false
    for byte in trimmed(text).utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if inFraction {
          fraction.append(Character(Unicode.Scalar(byte)))
        } else {
          digits += 1
          guard digits <= 9 else { return nil }
          number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
        }
      case UInt8(ascii: ":"):
        guard let value = number, !inFraction, parts.count < 2 else { return nil }
        parts.append(value)
        number = nil
        digits = 0
      case UInt8(ascii: "."), UInt8(ascii: ","):
        guard number != nil, !inFraction else { return nil }
        inFraction = true
      default: return nil
      }
    }
    guard let last = number, !inFraction || !fraction.isEmpty, fraction.utf8.count <= 12 else { return nil }
    parts.append(last)
    guard parts.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
    let whole = parts.reduce(0) { $0 * 60 + $1 }
    return Double("\(whole).\(fraction.isEmpty ? "0" : fraction)")
  }

  /// A clock time as above with at least one colon, or a plain number of seconds: `12.5`, `12,5`, `12.5s`, `-0.2`.
  static func seconds(_ text: some StringProtocol) -> Double? {
    let trimmed = trimmed(text)
    if trimmed.utf8.contains(UInt8(ascii: ":")) { return clock(trimmed) }
    let digits = trimmed.hasSuffix("s") ? trimmed.dropLast() : Substring(trimmed)
    return finite(digits.replacing(",", with: "."))
  }

  /// A finite decimal number.
  static func finite(_ text: some StringProtocol) -> Double? {
    let trimmed = trimmed(text)
    guard let first = trimmed.utf8.first, first < UInt8(ascii: ":"), let value = Double(trimmed), value.isFinite else {
      return nil
    }
    return value
  }

  /// Seconds of the day and the day of an ISO 8601 time stamp: `2026-03-04T10:31:05.250Z`, with a blank for the T too.
  static func dated(_ text: some StringProtocol) -> (day: Substring, seconds: Double)? {
    let trimmed = trimmed(text)
    let day = trimmed.prefix(10)
    let shape = day.map { $0 == "-" ? "-" : $0.isASCII && $0.isNumber ? "0" : "?" }.joined()
    let rest = trimmed.dropFirst(10)
    guard shape == "0000-00-00", let separator = rest.first, separator == "T" || separator == " " else { return nil }
    let clockText = rest.dropFirst().prefix { $0.isNumber || $0 == ":" || $0 == "." || $0 == "," }
    return clock(clockText).map { (day, $0) }
  }

  /// A time as people read it: `01:02:03.5`.
  static func text(_ seconds: Double) -> String {
    guard seconds >= 0, seconds < 1e9 else { return "\(seconds) s" }
    let all = Int((seconds * 10).rounded())
    let (whole, tenths) = (all / 10, all % 10)
    let pair = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return "\(pair(whole / 3600)):\(pair(whole / 60 % 60)):\(pair(whole % 60)).\(tenths)"
  }

  private static func trimmed(_ text: some StringProtocol) -> Substring { Substring(text).trimmed }
}

extension Substring {
  /// Without white space at both ends.
  var trimmed: Substring {
    var slice = self
    while let first = slice.unicodeScalars.first, isBlank(first) { slice.unicodeScalars.removeFirst() }
    while let last = slice.unicodeScalars.last, isBlank(last) { slice.unicodeScalars.removeLast() }
    return slice
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String { String(self[...].trimmed) }
}
