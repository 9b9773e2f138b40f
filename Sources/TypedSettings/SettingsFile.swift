import DialogueDomain
import Foundation

/// The keys and values of one TOML file, every key known.
public struct SettingsFile<Record: Sendable> {
  private let url: URL
  private let keys: SettingTable<Record>
  private var values: [String: (value: SettingValue, line: Int)] = [:]

  /// Reads a file.
  ///
  /// - Throws: `SettingError` where it cannot be read, is not TOML, or holds an unknown key.
  public init(_ url: URL, keys: SettingTable<Record>) throws(SettingError) {
    self.url = url
    self.keys = keys
    try collect(try Self.table(try Self.text(of: url, keys), url), under: "")
  }

  /// The value of a key and where it stands; nil where the file lacks it.
  public func value(of key: SettingKey<Record>) -> (value: SettingValue, origin: String)? {
    values[key.path].map { ($0.value, "\(url.path):\($0.line)") }
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
    guard let text = String(validating: data, as: UTF8.self) else {
      throw SettingError(
        "not a text file", at: url.path, found: "bytes that are not UTF-8 text",
        expected: "TOML, which is UTF-8 text")
    }
    return text
  }

  private static func table(_ text: String, _ url: URL) throws(SettingError) -> TOMLTable {
    do {
      return try TOMLParser.table(text)
    } catch {
      throw SettingError("not valid TOML: \(error.what)", at: "\(url.path):\(error.line):\(error.column)")
    }
  }

  private mutating func collect(_ table: TOMLTable, under prefix: String) throws(SettingError) {
    for (name, entry) in table.entries {
      let path = prefix + name
      switch entry.value {
      case .table(let inner) where isTable(path): try collect(inner, under: path + ".")
      case .plain(let value) where keys.contains { $0.path == path }: values[path] = (value, entry.line)
      case .table where keys.contains { $0.path == path }: values[path] = (.other("table"), entry.line)
      case .plain: throw unknown("key", name, under: prefix, line: entry.line)
      case .table, .tables: throw unknown("table", name, under: prefix, line: entry.line)
      }
    }
  }

  private func isTable(_ path: String) -> Bool {
    keys.contains { $0.path.hasPrefix(path + ".") }
  }

  private func unknown(_ kind: String, _ name: String, under prefix: String, line: Int) -> SettingError {
    let path = prefix + name
    let known = keys.map(\.path)
    let siblings = Set(
      known.filter { $0.hasPrefix(prefix) }.compactMap { $0.dropFirst(prefix.count).split(separator: ".").first })
    let remedy: String
    if isTable(path) {
      remedy = "\"\(path)\" is a table: write [\(path)], then its keys."
    } else if let nearest = nearestName(to: name, among: siblings.map(String.init).sorted()) {
      remedy = "Did you mean \"\(prefix)\(nearest)\"?"
    } else if let elsewhere = known.first(where: { $0.hasSuffix("." + name) || $0 == name }) {
      remedy = "Did you mean \"\(elsewhere)\"?"
    } else {
      remedy = "The keys are listed in \(keys.manual)."
    }
    return SettingError("unknown \(kind) \"\(path)\"", at: "\(url.path):\(line)", remedy: remedy)
  }
}
