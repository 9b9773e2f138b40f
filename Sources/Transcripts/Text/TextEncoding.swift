/// How a file's bytes spell its letters, and how that was told.
public struct TextEncoding: Sendable, Hashable {
  /// What the encoding is called.
  public enum Name: String, Sendable, Hashable {
    /// UTF-8, with or without a byte-order mark.
    case utf8 = "UTF-8"
    /// UTF-16, low byte first.
    case utf16LittleEndian = "UTF-16LE"
    /// UTF-16, high byte first.
    case utf16BigEndian = "UTF-16BE"
    /// Western Windows.
    case windows1252 = "windows-1252"
    /// Western Europe, without letters in 80–9F.
    case latin1 = "ISO-8859-1"
  }

  /// What told the encoding.
  public enum Evidence: String, Sendable, Hashable {
    /// The file begins with a byte-order mark.
    case byteOrderMark = "a byte-order mark"
    /// All bytes are valid UTF-8.
    case validity = "its bytes are valid UTF-8"
    /// Nearly all bytes are valid UTF-8.
    case mostlyValid = "nearly all of its bytes are valid UTF-8"
    /// Every other byte is zero.
    case zeroBytes = "every other byte is zero"
    /// The bytes are not UTF-8.
    case invalidity = "its bytes are not UTF-8"
  }

  /// What the encoding is called.
  public var name: Name
  /// What told it.
  public var evidence: Evidence
}

/// The text of a file, decoded.
struct SourceText {
  /// The file's name.
  var name: String
  var text: String
  var encoding: TextEncoding
  /// What the decoding has to say, one sentence each.
  var warnings: [String] = []

  /// The lines of the text, without their ends: LF, CR LF or CR.
  func lines() -> [SourceLine] {
    var lines: [SourceLine] = []
    let bytes = text.utf8
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      let byte = bytes[index]
      let next = bytes.index(after: index)
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        lines.append(SourceLine(number: lines.count + 1, text: text[start..<index]))
        let isPair = byte == UInt8(ascii: "\r") && next < bytes.endIndex && bytes[next] == UInt8(ascii: "\n")
        start = isPair ? bytes.index(after: next) : next
        index = start
      } else {
        index = next
      }
    }
    if start < bytes.endIndex { lines.append(SourceLine(number: lines.count + 1, text: text[start...])) }
    return lines
  }
}

/// One line of a file, counted from 1.
struct SourceLine {
  var number: Int
  var text: Substring

  /// Whether nothing but white space stands in the line.
  var isBlank: Bool { text.unicodeScalars.allSatisfy(Transcripts.isBlank) }
}
