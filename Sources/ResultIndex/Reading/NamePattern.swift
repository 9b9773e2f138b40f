import GRDB

/// Names that a user asks for, exact or with the wildcards `*` and `?`.
enum NamePattern {
  /// Whether the text has a wildcard at all.
  static func isPattern(_ text: String) -> Bool {
    text.contains { $0 == "*" || $0 == "?" }
  }

  /// A condition that a column is one of the names or matches one of the patterns.
  ///
  /// - Parameter column: part of the SQL text: never a user's.
  static func matches(_ column: String, _ names: [String]) -> SQL {
    let column = SQL(sql: column)
    var terms: [SQL] = [column + " IN \(names)"]
    for name in names where isPattern(name) { terms.append(column + " GLOB \(glob(name))") }
    return "(" + terms.joined(separator: " OR ") + ")"
  }

  /// A condition that a column begins with one of the names that could be the beginning of a digest.
  static func startsDigest(_ column: String, _ names: [String]) -> [SQL] {
    let column = SQL(sql: column)
    return names.map { $0.lowercased() }.filter(isDigestPrefix).map { column + " GLOB \($0 + "*")" }
  }

  static func isDigestPrefix(_ text: String) -> Bool {
    (8...64).contains(text.utf8.count) && text.utf8.allSatisfy(isHexadecimal)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  /// SQLite's GLOB gives brackets a meaning, which names are not to have: `[` as a set of itself.
  static func glob(_ pattern: String) -> String {
    pattern.map { $0 == "[" ? "[[]" : String($0) }.joined()
  }
}
