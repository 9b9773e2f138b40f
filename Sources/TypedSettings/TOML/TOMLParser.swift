/// Reads TOML 1.0 text into a table.
///
/// Whatever the bytes, the outcome is a table or a `TOMLSyntaxError`: a daemon reads its configuration again while it runs.
struct TOMLParser {
  /// Arrays and tables within one another beyond this are refused, so that no text can exhaust the stack.
  static let deepestNesting = 64

  let bytes: [UInt8]
  var position = 0

  /// The root table of a text.
  static func table(_ text: String) throws(TOMLSyntaxError) -> TOMLTable {
    var parser = TOMLParser(bytes: Array(text.utf8))
    return try parser.document()
  }

  private mutating func document() throws(TOMLSyntaxError) -> TOMLTable {
    let root = TOMLTable(.header)
    var current = root
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    while true {
      try skipBlankLines()
      guard let byte = peek else { return root }
      if byte == UInt8(ascii: "[") {
        current = try header(in: root)
      } else {
        try pair(in: current)
      }
      skipBlanks()
      try skipComment()
      guard peek == nil || skipLineBreak() else { throw failure("more follows on the line than one key and value") }
    }
  }

  // MARK: Tables and keys

  /// `[a.b]` or `[[a.b]]`: the table that the keys after it belong to.
  private mutating func header(in root: TOMLTable) throws(TOMLSyntaxError) -> TOMLTable {
    let start = position
    let isArray = bytes[position...].starts(with: "[[".utf8)
    position += isArray ? 2 : 1
    let path = try keyPath()
    guard skip(isArray ? "]]" : "]") else { throw failure("the header's closing bracket is missing") }
    var table = root
    for name in path.dropLast() {
      table = try step(from: table, to: name, making: .implied, at: start)
    }
    let name = path[path.count - 1]
    let line = line(of: start)
    switch (table[name]?.value, isArray) {
    case (nil, true):
      let added = TOMLTable(.header)
      table.set(name, to: .tables([added]), line: line)
      return added
    case (.tables(let earlier), true):
      let added = TOMLTable(.header)
      table.set(name, to: .tables(earlier + [added]), line: line)
      return added
    case (nil, false):
      let added = TOMLTable(.header)
      table.set(name, to: .table(added), line: line)
      return added
    case (.table(let implied), false) where implied.origin == .implied:
      implied.origin = .header
      return implied
    default:
      throw failure("\"\(path.joined(separator: "."))\" is defined twice", at: start)
    }
  }

  /// `key = value`, the key plain, quoted or dotted.
  mutating func pair(in table: TOMLTable, nesting: Int = 0) throws(TOMLSyntaxError) {
    let start = position
    let path = try keyPath()
    guard skip("=") else { throw failure("a key is not followed by =") }
    skipBlanks()
    var table = table
    for name in path.dropLast() {
      table = try step(from: table, to: name, making: .dottedKey, at: start)
    }
    let name = path[path.count - 1]
    guard table[name] == nil else {
      throw failure("\"\(path.joined(separator: "."))\" is defined twice", at: start)
    }
    let value = try value(nesting: nesting)
    table.set(name, to: value, line: line(of: start))
  }

  private func step(
    from table: TOMLTable, to name: String, making origin: TOMLTable.Origin, at start: Int
  ) throws(TOMLSyntaxError) -> TOMLTable {
    switch table[name]?.value {
    case nil:
      let added = TOMLTable(origin)
      table.set(name, to: .table(added), line: line(of: start))
      return added
    case .table(let inner) where inner.origin != .inline && (origin == .implied || inner.origin == .dottedKey):
      return inner
    case .tables(let inner) where origin == .implied:
      // Never empty: each is made with its first table.
      return inner[inner.count - 1]
    default:
      throw failure("\"\(name)\" is already defined and cannot be added to here", at: start)
    }
  }

  private mutating func keyPath() throws(TOMLSyntaxError) -> [String] {
    var path: [String] = []
    repeat {
      skipBlanks()
      path.append(try key())
      skipBlanks()
    } while skip(".")
    return path
  }

  private mutating func key() throws(TOMLSyntaxError) -> String {
    switch peek {
    case UInt8(ascii: "\""): return try basicString()
    case UInt8(ascii: "'"): return try literalString()
    default:
      let name = bytes[position...].prefix { $0.isBareKey }
      guard !name.isEmpty else { throw failure("a key is missing") }
      position = name.endIndex
      return String(decoding: name, as: UTF8.self)
    }
  }

  // MARK: Bytes

  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skip(_ text: String) -> Bool {
    guard bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x09 { position += 1 }
  }

  mutating func skipLineBreak() -> Bool { skip("\n") || skip("\r\n") }

  mutating func skipComment() throws(TOMLSyntaxError) {
    guard skip("#") else { return }
    while let byte = peek, byte != 0x0A, !bytes[position...].starts(with: [0x0D, 0x0A]) {
      guard !byte.isControl else { throw failure("a control character in a comment") }
      position += 1
    }
  }

  /// Blanks, comments and line breaks.
  mutating func skipBlankLines() throws(TOMLSyntaxError) {
    repeat {
      skipBlanks()
      try skipComment()
    } while skipLineBreak()
  }

  func line(of place: Int) -> Int { bytes[..<place].count { $0 == 0x0A } + 1 }

  func failure(_ what: String, at place: Int? = nil) -> TOMLSyntaxError {
    let place = place ?? position
    let line = bytes[..<place].lastIndex(of: 0x0A).map { bytes[($0 + 1)..<place] } ?? bytes[..<place]
    return TOMLSyntaxError(
      what: what, line: self.line(of: place), column: String(decoding: line, as: UTF8.self).count + 1)
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  /// What no text of TOML may hold as it is; a tab may stand everywhere.
  var isControl: Bool { self < 0x20 && self != 0x09 || self == 0x7F }
  fileprivate var isBareKey: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_")
      || self == UInt8(ascii: "-")
  }
}
