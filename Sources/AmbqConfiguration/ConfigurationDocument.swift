import DialogueDomain
import Foundation
import TOMLKit

/// The keys and values of one `ambd.toml`, every key known.
struct ConfigurationDocument {
  let url: URL
  private(set) var values: [String: ConfigurationValue] = [:]
  private let lines: ConfigurationLines

  /// - Throws: `ConfigurationError` where the file cannot be read, is not TOML, or holds an unknown key.
  init(_ url: URL) throws {
    self.url = url
    let text = try Self.text(of: url)
    lines = ConfigurationLines(text)
    do {
      try collect(TOMLTable(string: text), under: "")
    } catch let error as TOMLParseError {
      let place = "\(url.path):\(error.source.begin.line):\(error.source.begin.column)"
      throw ConfigurationError("not valid TOML: \(error.description)", at: place)
    }
  }

  /// The file and, where it can be told, the line of a key.
  func location(of path: String) -> String {
    lines.number(of: path).map { "\(url.path):\($0)" } ?? url.path
  }

  private static func text(of url: URL) throws -> String {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
      throw ConfigurationError(
        "the configuration file does not exist", kind: .missingInput, at: url.path,
        remedy: "Check the path given by --config or AMBD_CONFIG.")
    } catch {
      throw ConfigurationError(
        "the configuration file cannot be read", kind: .io, at: url.path, found: error.localizedDescription)
    }
    // The parser takes a C string: a zero byte would end the file early and silently.
    guard let text = String(validating: data, as: UTF8.self), !data.contains(0) else {
      throw ConfigurationError(
        "not a text file", at: url.path, found: "bytes that are not UTF-8 text",
        expected: "TOML, which is UTF-8 text")
    }
    return text
  }

  private mutating func collect(_ table: TOMLTable, under prefix: String) throws {
    for (name, value) in table {
      let path = prefix + name
      if AmbdConfiguration.keys.contains(where: { $0.path == path }) {
        values[path] = ConfigurationValue(value)
      } else if let inner = value.table, AmbdConfiguration.keys.contains(where: { $0.path.hasPrefix(path + ".") }) {
        try collect(inner, under: path + ".")
      } else {
        throw unknown(name, path: path, isTable: value.table != nil, under: prefix)
      }
    }
  }

  private func unknown(_ name: String, path: String, isTable: Bool, under prefix: String) -> ConfigurationError {
    let known = AmbdConfiguration.keys.map(\.path)
    let siblings = Set(
      known.filter { $0.hasPrefix(prefix) }.compactMap { $0.dropFirst(prefix.count).split(separator: ".").first })
    let remedy: String
    if AmbdConfiguration.keys.contains(where: { $0.path.hasPrefix(path + ".") }) {
      remedy = "\"\(path)\" is a table: write [\(path)], then its keys."
    } else if let nearest = nearestName(to: name, among: siblings.map(String.init).sorted()) {
      remedy = "Did you mean \"\(prefix)\(nearest)\"?"
    } else if let elsewhere = known.first(where: { $0.hasSuffix("." + name) || $0 == name }) {
      remedy = "Did you mean \"\(elsewhere)\"?"
    } else {
      remedy = "The keys are listed in ambd.toml(5)."
    }
    return ConfigurationError(
      "unknown \(isTable ? "table" : "key") \"\(path)\"", at: location(of: path), remedy: remedy)
  }
}
