/// An element of an XML document.
struct XMLElement: Sendable {
  var name: String
  var attributes: [String: String] = [:]
  var children: [XMLElement] = []
  /// The element's own text, without that of its children.
  var text = ""
  /// The line of its start tag.
  var line: Int

  /// The children of this name.
  func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The first child of this name.
  func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// An attribute's value; nil where it is missing or empty.
  subscript(attribute: String) -> String? {
    attributes[attribute].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// Reads the part of XML 1.0 that annotation files use: elements, attributes, text, comments, CDATA and processing
/// instructions, the five predefined entities and numeric ones.
///
/// There is no document type and so no entity to define, none to expand and nothing to load from elsewhere: a file with a
/// `<!DOCTYPE` is refused before anything else is looked at. Foundation's `XMLParser` would bring libxml2 and its 30 MB of
/// tables into every program, nests without limit, and on Linux reports success for a document that ends too early.
struct XMLReader {
  private let bytes: [UInt8]
  private let file: String
  private let limits: TranscriptLimits
  private var index = 0
  private var line = 1

  /// - Throws: `TranscriptError` with the line at which the text is no XML, nests too deeply or holds too much.
  static func read(_ source: SourceText, limits: TranscriptLimits) throws -> XMLElement {
    var reader = XMLReader(bytes: Array(source.text.utf8), file: source.name, limits: limits)
    try reader.refuseDocumentType()
    return try reader.document()
  }

  private init(bytes: [UInt8], file: String, limits: TranscriptLimits) {
    self.bytes = bytes
    self.file = file
    self.limits = limits
  }

  /// Refuses `<!DOCTYPE` and `<!ENTITY` wherever they stand, in comments too.
  private func refuseDocumentType() throws {
    var line = 1
    for index in bytes.indices {
      if bytes[index] == UInt8(ascii: "\n") { line += 1 }
      guard bytes[index] == UInt8(ascii: "<"), index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "!") else {
        continue
      }
      let word = String(decoding: bytes[(index + 2)...].prefix(7), as: UTF8.self).uppercased()
      if word == "DOCTYPE" || word.hasPrefix("ENTITY") { throw TranscriptError.documentType(file, line: line) }
    }
  }

  private mutating func document() throws -> XMLElement {
    var open: [XMLElement] = []
    var count = 0
    while index < bytes.count {
      if takes("<!--") {
        try skip(past: "-->")
      } else if takes("<?") {
        try skip(past: "?>")
      } else if takes("<![CDATA[") {
        let start = index
        try skip(past: "]]>")
        let text = String(decoding: bytes[start..<index - 3], as: UTF8.self)
        if !open.isEmpty { open[open.count - 1].text += text }
      } else if takes("</") {
        let tag = try name()
        skipBlanks()
        guard takes(">"), let element = open.popLast(), element.name == tag else {
          throw error("the tags do not match", found: "</\(tag)>", expected: open.last.map { "</\($0.name)>" })
        }
        if open.isEmpty { return element }
        open[open.count - 1].children.append(element)
      } else if takes("<") {
        count += 1
        guard count <= limits.elements else {
          throw TranscriptError.tooMany("XML elements", in: file, at: "line \(line)", limit: limits.elements)
        }
        guard open.count < limits.depth else { throw TranscriptError.tooDeep(file, line: line, limit: limits.depth) }
        let (element, isClosed) = try startTag()
        if !isClosed {
          open.append(element)
        } else if open.isEmpty {
          return element
        } else {
          open[open.count - 1].children.append(element)
        }
      } else {
        let text = try text(upTo: UInt8(ascii: "<"))
        if !open.isEmpty { open[open.count - 1].text += text }
      }
    }
    throw error("the XML ends too early", found: "the end of the file", expected: open.last.map { "</\($0.name)>" })
  }

  /// Reads a start tag behind its `<`.
  private mutating func startTag() throws -> (XMLElement, isClosed: Bool) {
    var element = XMLElement(name: try name(), line: line)
    while true {
      skipBlanks()
      if takes("/>") { return (element, true) }
      if takes(">") { return (element, false) }
      let key = try name()
      skipBlanks()
      guard takes("=") else { throw error("an attribute has no value", found: key, expected: "`=`") }
      skipBlanks()
      guard index < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[index]) else {
        throw error("an attribute has no value", found: key, expected: "a quotation mark")
      }
      let quote = bytes[index]
      index += 1
      element.attributes[key] = try text(upTo: quote)
      guard index < bytes.count else { throw error("the XML ends too early", found: key, expected: "a quotation mark") }
      index += 1
    }
  }

  /// Text with its entities replaced, up to a byte that stays untaken.
  private mutating func text(upTo end: UInt8) throws -> String {
    var text = ""
    var start = index
    while index < bytes.count, bytes[index] != end {
      if bytes[index] == UInt8(ascii: "&") {
        text += String(decoding: bytes[start..<index], as: UTF8.self)
        text.unicodeScalars.append(try entity())
        start = index
      } else {
        if bytes[index] == UInt8(ascii: "\n") { line += 1 }
        index += 1
      }
    }
    return text + String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private static let entities: [String: Unicode.Scalar] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

  private mutating func entity() throws -> Unicode.Scalar {
    let inside = bytes[(index + 1)...].prefix(10).prefix { $0 != UInt8(ascii: ";") }
    let name = String(decoding: inside, as: UTF8.self)
    let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
    let scalar = name.hasPrefix("#") ? number.flatMap { Unicode.Scalar($0) } : Self.entities[name]
    guard let scalar, inside.endIndex < bytes.count, bytes[inside.endIndex] == UInt8(ascii: ";") else {
      throw error(
        "an entity is not defined", found: "&\(name)", expected: "&amp;, &lt;, &gt;, &quot;, &apos; or a number")
    }
    index = inside.endIndex + 1
    return scalar
  }

  /// A name: anything up to a blank or a mark of a tag.
  private mutating func name() throws -> String {
    let stops = "=/><\"'&".utf8
    let rest = bytes[index...].prefix { $0 > 0x20 && !stops.contains($0) }
    guard !rest.isEmpty, rest.count <= 200 else { throw error("a tag has no name", found: nil, expected: "a name") }
    index = rest.endIndex
    return String(decoding: rest, as: UTF8.self)
  }

  private mutating func takes(_ text: StaticString) -> Bool {
    let found = text.withUTF8Buffer { bytes[index...].starts(with: $0) }
    if found { index += text.utf8CodeUnitCount }
    return found
  }

  private mutating func skipBlanks() {
    while index < bytes.count, bytes[index] <= 0x20 {
      if bytes[index] == UInt8(ascii: "\n") { line += 1 }
      index += 1
    }
  }

  private mutating func skip(past end: StaticString) throws {
    while index < bytes.count {
      if takes(end) { return }
      if bytes[index] == UInt8(ascii: "\n") { line += 1 }
      index += 1
    }
    throw error("the XML ends too early", found: "the end of the file", expected: "\(end)")
  }

  private func error(_ what: String, found: String?, expected: String?) -> TranscriptError {
    .syntax(what, in: file, line: line, found: found, expected: expected)
  }
}
