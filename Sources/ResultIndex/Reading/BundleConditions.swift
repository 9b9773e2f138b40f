import Foundation
import GRDB

/// The conditions on the table `b` (bundle) that lists of utterances and of bundles have in common.
struct BundleConditions {
  var bundles: [String]
  var models: [String]
  var since: Date?
  var until: Date?
  var allModels: Bool

  var terms: [SQL] {
    var terms: [SQL] = []
    if !allModels && models.isEmpty { terms.append("b.current") }
    if let since { terms.append("b.scored >= \(since.milliseconds)") }
    if let until { terms.append("b.scored < \(until.milliseconds)") }
    if !bundles.isEmpty { terms.append(named) }
    if !models.isEmpty {
      let either = [NamePattern.matches("name", models)] + NamePattern.startsDigest("digest", models)
      terms.append("b.model IN (SELECT id FROM model WHERE " + either.joined(separator: " OR ") + ")")
    }
    return terms
  }

  /// All terms in one condition.
  var all: SQL { terms.isEmpty ? "1" : "(" + terms.joined(separator: " AND ") + ")" }

  /// By file name, title, alias or digest.
  private var named: SQL {
    let either: [SQL] =
      [
        NamePattern.matches("b.name", bundles), NamePattern.matches("b.title", bundles),
        "b.digest IN (SELECT digest FROM alias WHERE " + NamePattern.matches("alias.name", bundles) + ")",
      ] + NamePattern.startsDigest("b.digest", bundles)
    return "(" + either.joined(separator: " OR ") + ")"
  }
}

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
