extension TOMLParser {
  /// The value at the position.
  mutating func value(nesting: Int) throws(TOMLSyntaxError) -> TOMLValue {
    guard nesting < Self.deepestNesting else {
      throw failure("arrays and tables lie more than \(Self.deepestNesting) deep in one another")
    }
    switch peek {
    case UInt8(ascii: "\""): return .plain(.text(try skip("\"\"\"") ? multilineString() : basicString()))
    case UInt8(ascii: "'"): return .plain(.text(try skip("'''") ? multilineLiteral() : literalString()))
    case UInt8(ascii: "["): return .plain(.list(try array(nesting: nesting)))
    case UInt8(ascii: "{"): return .table(try inlineTable(nesting: nesting))
    default: return .plain(try word())
    }
  }

  private mutating func array(nesting: Int) throws(TOMLSyntaxError) -> [SettingValue] {
    position += 1
    var elements: [SettingValue] = []
    while true {
      try skipBlankLines()
      if skip("]") { return elements }
      switch try value(nesting: nesting + 1) {
      case .plain(let element): elements.append(element)
      case .table, .tables: elements.append(.other("table"))
      }
      try skipBlankLines()
      if skip("]") { return elements }
      guard skip(",") else { throw failure("an array's elements are not separated by commas, or it is not closed") }
    }
  }

  private mutating func inlineTable(nesting: Int) throws(TOMLSyntaxError) -> TOMLTable {
    position += 1
    // Open for its own dotted keys while it is read.
    let table = TOMLTable(.header)
    skipBlanks()
    if !skip("}") {
      repeat {
        try pair(in: table, nesting: nesting + 1)
        skipBlanks()
      } while skip(",")
      guard skip("}") else { throw failure("a table in braces is not closed on its line") }
    }
    close(table)
    return table
  }

  /// Nothing outside its braces adds to a table written in braces.
  private func close(_ table: TOMLTable) {
    table.origin = .inline
    for (_, entry) in table.entries {
      if case .table(let inner) = entry.value { close(inner) }
    }
  }

  // MARK: Strings

  /// `"…"` with escapes.
  mutating func basicString() throws(TOMLSyntaxError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = peek, byte != 0x0A {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += try escape()
      default:
        guard !byte.isControl else { throw failure("a control character in a text", at: position - 1) }
        text.append(byte)
      }
    }
    throw failure("a text is not closed on its line", at: start)
  }

  /// `'…'` as it stands.
  mutating func literalString() throws(TOMLSyntaxError) -> String {
    let start = position
    let text = bytes[(position + 1)...].prefix { $0 != UInt8(ascii: "'") && !$0.isControl }
    position = text.endIndex
    guard skip("'") else { throw failure("a text is not closed on its line", at: start) }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func multilineString() throws(TOMLSyntaxError) -> String {
    let start = position - 3
    _ = skipLineBreak()
    var text: [UInt8] = []
    while let byte = peek {
      if let closing = closingQuotes("\"") { return String(decoding: text + closing, as: UTF8.self) }
      if skipLineBreak() {
        text.append(0x0A)
        continue
      }
      position += 1
      if byte == UInt8(ascii: "\\") {
        if !skipFoldedLines() { text += try escape() }
      } else if byte.isControl {
        throw failure("a control character in a text", at: position - 1)
      } else {
        text.append(byte)
      }
    }
    throw failure("a text is not closed", at: start)
  }

  private mutating func multilineLiteral() throws(TOMLSyntaxError) -> String {
    let start = position - 3
    _ = skipLineBreak()
    var text: [UInt8] = []
    while let byte = peek {
      if let closing = closingQuotes("'") { return String(decoding: text + closing, as: UTF8.self) }
      if skipLineBreak() {
        text.append(0x0A)
        continue
      }
      guard !byte.isControl else { throw failure("a control character in a text") }
      position += 1
      text.append(byte)
    }
    throw failure("a text is not closed", at: start)
  }

  /// The quotes that belong to the text where three close it: it may end in one or two of its own.
  private mutating func closingQuotes(_ quote: Unicode.Scalar) -> ArraySlice<UInt8>? {
    let run = bytes[position...].prefix(5).prefix { $0 == UInt8(ascii: quote) }
    guard run.count >= 3 else { return nil }
    position = run.endIndex
    return run.dropLast(3)
  }

  /// After a backslash at a line's end: the break and the blanks before the next word are left out.
  private mutating func skipFoldedLines() -> Bool {
    let start = position
    skipBlanks()
    guard skipLineBreak() else {
      position = start
      return false
    }
    repeat { skipBlanks() } while skipLineBreak()
    return true
  }

  /// What follows a backslash.
  private mutating func escape() throws(TOMLSyntaxError) -> [UInt8] {
    let start = position - 1
    guard let byte = peek else { throw failure("a text is not closed", at: start) }
    position += 1
    switch Unicode.Scalar(byte) {
    case "b": return [0x08]
    case "t": return [0x09]
    case "n": return [0x0A]
    case "f": return [0x0C]
    case "r": return [0x0D]
    case "\"", "\\": return [byte]
    case "u", "U":
      let count = byte == UInt8(ascii: "u") ? 4 : 8
      let digits = String(decoding: bytes[position...].prefix(count), as: UTF8.self)
      guard digits.utf8.count == count, digits.allSatisfy(\.isHexDigit),
        let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
      else { throw failure("\\u takes four hexadecimal digits of a character, \\U eight", at: start) }
      position += count
      return Array(String(scalar).utf8)
    default: throw failure("an unknown escape in a text; write \\\\ for a backslash", at: start)
    }
  }
}
