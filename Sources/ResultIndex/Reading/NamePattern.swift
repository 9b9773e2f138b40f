import DialogueDomain
import Foundation
import GRDB

/// A name that a user asks for: exact, or with the wildcards `*` and `?`; a backslash before one makes it a character.
///
/// Names are text: however letters like `ö` are composed, in the index or as typed, they are the same.
struct NamePattern {
  /// The name as typed, and without its backslashes, each in every composition.
  let exact: [String]
  /// What SQLite's GLOB takes, in every composition; empty where there is no wildcard.
  let globs: [String]

  init(_ typed: String) {
    var (plain, glob, hasWildcard, isEscaped) = ("", "", false, false)
    for character in typed {
      if character == "\\", !isEscaped {
        isEscaped = true
        continue
      }
      if isEscaped, !"*?\\".contains(character) {
        plain.append("\\")
        glob.append("\\")
      }
      plain.append(character)
      if !isEscaped, "*?".contains(character) {
        hasWildcard = true
        glob.append(character)
      } else {
        glob += Self.literal(character)
      }
      isEscaped = false
    }
    if isEscaped {
      plain.append("\\")
      glob.append("\\")
    }
    exact = Self.compositions([typed, plain])
    globs = hasWildcard ? Self.compositions([glob]) : []
  }

  /// A condition that a column is one of the names or matches one of the patterns; where a row is called exactly as a
  /// pattern is written, that one is meant.
  ///
  /// - Parameters:
  ///   - column: part of the SQL text: never a user's.
  ///   - names: where the names lie, as `table.column`; likewise.
  static func matches(_ column: String, _ typed: [String], among names: (table: String, column: String)) -> SQL {
    let (column, table, name) = (SQL(sql: column), SQL(sql: names.table), SQL(sql: names.column))
    let patterns = typed.map(NamePattern.init)
    var terms: [SQL] = [column + " IN \(patterns.flatMap(\.exact))"]
    for pattern in patterns where !pattern.globs.isEmpty {
      let either = pattern.globs.map { column + " GLOB \($0)" }.joined(separator: " OR ")
      terms.append(
        "((" + either + ") AND NOT EXISTS (SELECT 1 FROM " + table + " WHERE " + name + " IN \(pattern.exact)))")
    }
    return "(" + terms.joined(separator: " OR ") + ")"
  }

  /// A query for the numbers of the rows whose names are among those typed, as `matches` has it: each part of it is looked up
  /// in the index over the names.
  ///
  /// - Parameters:
  ///   - key: the column asked for, part of the SQL text like the other two.
  ///   - names: where the names lie, as `table.column`.
  static func rows(_ key: String, _ typed: [String], among names: (table: String, column: String)) -> SQL {
    let (key, table, name) = (SQL(sql: key), SQL(sql: names.table), SQL(sql: names.column))
    let select: SQL = "SELECT " + key + " FROM " + table + " WHERE " + name
    let patterns = typed.map(NamePattern.init)
    var parts: [SQL] = [select + " IN \(patterns.flatMap(\.exact))"]
    for pattern in patterns {
      let isLiteral: SQL = "EXISTS (SELECT 1 FROM " + table + " WHERE " + name + " IN \(pattern.exact))"
      parts += pattern.globs.map { select + " GLOB \($0) AND NOT " + isLiteral }
    }
    return parts.joined(separator: " UNION ")
  }

  /// A condition that a column begins with one of the names that could be the beginning of a digest.
  static func startsDigest(_ column: String, _ names: [String]) -> [SQL] {
    let column = SQL(sql: column)
    return names.map { $0.lowercased() }.filter(isDigestPrefix).map { column + " GLOB \($0 + "*")" }
  }

  private static func isDigestPrefix(_ text: String) -> Bool {
    (8...64).contains(text.utf8.count) && text.utf8.allSatisfy(isHexadecimal)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  /// Patterns of the names that begin with a letter, however it is composed.
  static func globs(beginningWith letter: Character) -> [String] {
    compositions([letter.lowercased(), letter.uppercased()]).map { $0.map(literal).joined() + "*" }
  }

  /// Patterns of the names that begin with a text, however it is composed.
  static func globs(beginningWith text: String) -> [String] {
    compositions([text]).map { $0.map(literal).joined() + "*" }
  }

  /// A character as GLOB takes it: those with a meaning there have none as a set of one.
  private static func literal(_ character: Character) -> String {
    "*?[".contains(character) ? "[\(character)]" : String(character)
  }

  /// The texts, composed and decomposed; told apart by their bytes, for to Swift they are equal.
  static func compositions(_ texts: [String]) -> [String] {
    var seen: Set<[UInt8]> = []
    return texts.flatMap { [$0, $0.composed, $0.decomposedStringWithCanonicalMapping] }
      .filter { seen.insert(Array($0.utf8)).inserted }
  }
}
