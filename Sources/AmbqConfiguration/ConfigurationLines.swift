/// Finds the line of a key in TOML text; the parser tells lines of syntax errors only.
///
/// It knows `[table]` headers, plain and dotted keys. For a key it cannot place (one within an inline table) it gives
/// no line rather than a wrong one.
struct ConfigurationLines {
  private var numbers: [String: Int] = [:]

  init(_ text: String) {
    var table = ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let content = line.drop(while: \.isWhitespace)
      if content.hasPrefix("[") {
        let header = content.drop { $0 == "[" }.prefix { $0 != "]" }
        table = Self.plain(header)
        note(table, index + 1)
      } else if let equals = content.firstIndex(of: "="), !content.hasPrefix("#") {
        let key = Self.plain(content[..<equals])
        note(table.isEmpty ? key : "\(table).\(key)", index + 1)
      }
    }
  }

  func number(of path: String) -> Int? {
    numbers[path]
  }

  private mutating func note(_ path: String, _ number: Int) {
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
