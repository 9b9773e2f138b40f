/// The markup inside cues, of WebVTT and of SubRip alike.
///
/// - `<v Anna>`, `<v.loud.first Anna>`: from here on Anna speaks, up to `</v>`, the next voice or the end of the cue.
///   A voice without a letter or digit, as in Rev's `<v ->`, is somebody whom the file does not name.
/// - Any other tag (`<i>`, `<c.yellow>`, `<font color="red">`, `<00:01.500>`) is left out, `<br>` is a line break.
/// - `{\an8}`, `{\b1}`: left out.
/// - `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&nbsp;`, `&lrm;`, `&rlm;`, `&#39;`, `&#x27;`: the letters they stand for.
///
/// A `<` that opens no tag is a letter: `5 < 6`, `I <3 you`.
struct CaptionMarkup {
  /// A piece of a cue in one voice.
  struct Span: Equatable {
    /// As written in the tag; nil outside of any voice.
    var voice: String?
    /// May hold line breaks.
    var text: String
  }

  /// The spans of a cue, in order; those that hold only white space are left out.
  static func spans(_ lines: [Substring]) -> [Span] {
    var spans: [Span] = []
    var current = Span(voice: nil, text: "")
    func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
    func finish(startingVoice voice: String?) {
      if !isBlank(current.text) { spans.append(current) }
      current = Span(voice: voice, text: "")
    }
    let openers = Array("<&{".utf8)
    for (number, line) in lines.enumerated() {
      if number > 0 { current.text += "\n" }
      var rest = line
      while let special = rest.utf8.firstIndex(where: openers.contains) {
        current.text += rest[..<special]
        rest = rest[special...]
        if let tag = Tag(opening: rest) {
          rest = rest[tag.end...]
          switch tag.name {
          case "v": finish(startingVoice: tag.annotation.flatMap(name))
          case "/v": finish(startingVoice: nil)
          case "br": current.text += "\n"
          default: break
          }
        } else if rest.hasPrefix("{\\"), let end = rest.utf8.prefix(40).firstIndex(of: UInt8(ascii: "}")) {
          rest = rest[rest.index(after: end)...]
        } else if let (letter, end) = entity(opening: rest) {
          current.text += letter
          rest = rest[end...]
        } else {
          current.text.unicodeScalars.append(rest.unicodeScalars.removeFirst())
        }
      }
      current.text += rest
    }
    finish(startingVoice: nil)
    return spans
  }

  private static func name(_ voice: String) -> String? {
    voice.contains { $0.isLetter || $0.isNumber } ? voice : nil
  }

  private struct Tag {
    var name: Substring
    /// What stands behind the name and its classes; entities decoded.
    var annotation: String?
    var end: Substring.Index

    init?(opening text: Substring) {
      guard text.first == "<" else { return nil }
      let behind = text.utf8.dropFirst()
      let marks = [UInt8(ascii: ">"), UInt8(ascii: "<")]
      guard let close = behind.prefix(300).firstIndex(where: marks.contains), behind[close] == marks[0] else {
        return nil
      }
      let inside = text[behind.startIndex..<close]
      guard let first = inside.first else { return nil }
      let isTime = first.isNumber && inside.contains(":") && TimeCode.clock(inside) != nil
      guard isTime || first == "/" || first.isASCII && first.isLetter else { return nil }
      name = inside.prefix { !$0.isWhitespace && $0 != "." }
      if name.hasSuffix("/") { name = name.dropLast() }
      name = Substring(name.lowercased())
      let words = inside.drop { !$0.isWhitespace }.trimmed
      annotation = words.isEmpty ? nil : CaptionMarkup.decoded(words)
      end = text.index(after: close)
    }
  }

  private static let entities: [Substring: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "lrm": "", "rlm": "",
  ]

  private static func entity(opening text: Substring) -> (String, Substring.Index)? {
    guard text.first == "&", let semicolon = text.utf8.prefix(10).firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = text[text.index(after: text.startIndex)..<semicolon]
    let end = text.index(after: semicolon)
    if let letter = entities[name] { return (letter, end) }
    guard name.first == "#" else { return nil }
    let digits = name.dropFirst()
    let value = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    guard let value, value >= 0x20, let scalar = Unicode.Scalar(value) else { return nil }
    return (String(Character(scalar)), end)
  }

  private static func decoded(_ text: Substring) -> String {
    var result = ""
    var rest = text
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[mark...]
      if let (letter, end) = entity(opening: rest) {
        result += letter
        rest = rest[end...]
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result + rest
  }
}
