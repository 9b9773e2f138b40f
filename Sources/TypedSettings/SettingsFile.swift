import DialogueDomain
import Foundation
import TOMLKit

/// The keys and values of one TOML file, every key known.
public struct SettingsFile<Record: Sendable> {
  private let url: URL
  private let keys: SettingTable<Record>
  private let lines: KeyLines
  private var values: [String: SettingValue] = [:]

  /// Reads a file.
  ///
  /// - Throws: `SettingError` where it cannot be read, is not TOML, or holds an unknown key.
  public init(_ url: URL, keys: SettingTable<Record>) throws(SettingError) {
    self.url = url
    self.keys = keys
    let text = try Self.text(of: url, keys)
    lines = KeyLines(text)
    try collect(try Self.table(text, url), under: "")
  }

  /// The value of a key and where it stands; nil where the file lacks it.
  public func value(of key: SettingKey<Record>) -> (value: SettingValue, origin: String)? {
    values[key.path].map { ($0, location(of: key.path)) }
  }

  /// The file and, where it can be told, the line of a key.
  private func location(of path: String) -> String {
    lines.number(of: path).map { "\(url.path):\($0)" } ?? url.path
  }

  private static func text(of url: URL, _ keys: SettingTable<Record>) throws(SettingError) -> String {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
      throw SettingError(
        "the \(keys.subject) file does not exist", kind: .missingInput, at: url.path,
        remedy: "Check the path given by \(keys.fileOption).")
    } catch {
      throw SettingError(
        "the \(keys.subject) file cannot be read", kind: .io, at: url.path, found: error.localizedDescription)
    }
    // The parser takes a C string: a zero byte would end the file early and silently.
    guard let text = String(validating: data, as: UTF8.self), !data.contains(0) else {
      throw SettingError(
        "not a text file", at: url.path, found: "bytes that are not UTF-8 text",
        expected: "TOML, which is UTF-8 text")
    }
    return text
  }

  private static func table(_ text: String, _ url: URL) throws(SettingError) -> TOMLTable {
    do {
      return try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let place = "\(url.path):\(error.source.begin.line):\(error.source.begin.column)"
      throw SettingError("not valid TOML: \(error.description)", at: place)
    } catch {
      throw SettingError("not valid TOML", at: url.path, found: error.localizedDescription)
    }
  }

  private mutating func collect(_ table: TOMLTable, under prefix: String) throws(SettingError) {
    for (name, value) in table {
      let path = prefix + name
      if keys.contains(where: { $0.path == path }) {
        values[path] = SettingValue(value)
      } else if let inner = value.table, isTable(path) {
        try collect(inner, under: path + ".")
      } else {
        throw unknown(name, path: path, isTable: value.table != nil, under: prefix)
      }
    }
  }

  private func isTable(_ path: String) -> Bool {
    keys.contains { $0.path.hasPrefix(path + ".") }
  }

  private func unknown(_ name: String, path: String, isTable: Bool, under prefix: String) -> SettingError {
    let known = keys.map(\.path)
    let siblings = Set(
      known.filter { $0.hasPrefix(prefix) }.compactMap { $0.dropFirst(prefix.count).split(separator: ".").first })
    let remedy: String
    if self.isTable(path) {
      remedy = "\"\(path)\" is a table: write [\(path)], then its keys."
    } else if let nearest = nearestName(to: name, among: siblings.map(String.init).sorted()) {
      remedy = "Did you mean \"\(prefix)\(nearest)\"?"
    } else if let elsewhere = known.first(where: { $0.hasSuffix("." + name) || $0 == name }) {
      remedy = "Did you mean \"\(elsewhere)\"?"
    } else {
      remedy = "The keys are listed in \(keys.manual)."
    }
    return SettingError("unknown \(isTable ? "table" : "key") \"\(path)\"", at: location(of: path), remedy: remedy)
  }
}

/// Finds the line of a key in TOML text; the parser tells lines of syntax errors only.
///
/// It knows `[table]` headers, plain and dotted keys. For a key it cannot place (one within an inline table) it gives
/// no line rather than a wrong one.
private struct KeyLines {
  private var numbers: [String: Int] = [:]

  init(_ text: String) {
    var table = ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let content = line.drop(while: \.isWhitespace)
      if content.hasPrefix("[") {
        let header = content.drop { $0 == "[" }.prefix { $0 != "]" }
        table = Self.plain(header)
        record(table, index + 1)
      } else if let equals = content.firstIndex(of: "="), !content.hasPrefix("#") {
        let key = Self.plain(content[..<equals])
        record(table.isEmpty ? key : "\(table).\(key)", index + 1)
      }
    }
  }

  func number(of path: String) -> Int? {
    numbers[path]
  }

  private mutating func record(_ path: String, _ number: Int) {
    // A dotted key also introduces the tables on its way.
    var prefix = ""
    for part in path.split(separator: ".") {
      prefix += prefix.isEmpty ? String(part) : "." + part
      if numbers[prefix] == nil { numbers[prefix] = number }
    }
  }

  private static func plain(_ key: Substring) -> String {
    String(key.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
  }
}
