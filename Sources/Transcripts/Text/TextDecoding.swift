import Foundation

/// Decodes a file by what its bytes are, since no transcript format states its encoding reliably.
///
/// In this order:
/// 1. A byte-order mark of UTF-8 or UTF-16.
/// 2. Zero bytes at every other place: UTF-16 without a mark. Any other zero byte: no text.
/// 3. Valid UTF-8.
/// 4. Mostly valid UTF-8, with more letters of several bytes than bytes that fit nowhere: those few are windows-1252.
/// 5. Bytes 80–9F, which are letters and quotation marks only there: windows-1252; else ISO-8859-1.
///
/// Then what an earlier program decoded wrongly is mended: see `mended`.
enum TextDecoding {
  /// - Throws: `TranscriptError` for an empty file and for one that is no text.
  static func decode(_ data: Data, name: String) throws -> SourceText {
    let bytes = [UInt8](data)
    try refuseKnownBinary(bytes, name)
    var source = try decoded(bytes, name)
    guard source.text.utf8.contains(where: { $0 > 0x20 }) else { throw TranscriptError.empty(name) }
    let (text, count) = mended(source.text)
    if count > 0 {
      source.text = text
      source.warnings.append(
        "Letters that an earlier program had decoded wrongly (such as â€™ for ’) were mended: \(count) places.")
    }
    return source
  }

  private static func decoded(_ bytes: [UInt8], _ name: String) throws -> SourceText {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      return utf8(Array(bytes.dropFirst(3)), name, .byteOrderMark)
    }
    if bytes.starts(with: [0xFF, 0xFE]) {
      return utf16(bytes.dropFirst(2), name, .utf16LittleEndian, .byteOrderMark)
    }
    if bytes.starts(with: [0xFE, 0xFF]) {
      return utf16(bytes.dropFirst(2), name, .utf16BigEndian, .byteOrderMark)
    }
    let start = bytes.prefix(4096)
    if start.contains(0) {
      let zeros = start.enumerated().reduce(into: [0, 0]) { if $1.element == 0 { $0[$1.offset % 2] += 1 } }
      if zeros[1] * 3 > start.count, zeros[0] == 0 { return utf16(bytes[...], name, .utf16LittleEndian, .zeroBytes) }
      if zeros[0] * 3 > start.count, zeros[1] == 0 { return utf16(bytes[...], name, .utf16BigEndian, .zeroBytes) }
    }
    if let zero = bytes.firstIndex(of: 0) {
      throw TranscriptError.binary(name, found: "a zero byte at byte \(zero + 1)", remedy: nil)
    }
    let controls = start.reduce(0) { $0 + (($1 < 0x09 || (0x0E..<0x1B).contains($1)) && $1 != 0x15 ? 1 : 0) }
    if controls * 50 > start.count {
      throw TranscriptError.binary(name, found: "\(controls) control bytes in the first \(start.count)", remedy: nil)
    }
    return utf8(bytes, name, .validity)
  }

  /// Decodes UTF-8; bytes that fit nowhere are read as windows-1252, and decide what the whole is called.
  private static func utf8(_ bytes: [UInt8], _ name: String, _ evidence: TextEncoding.Evidence) -> SourceText {
    if let text = String(validating: bytes, as: UTF8.self) {
      return SourceText(name: name, text: text, encoding: TextEncoding(name: .utf8, evidence: evidence))
    }
    var text = String.UnicodeScalarView()
    var letters = 0
    var strays: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] < 0x80 {
        text.append(Unicode.Scalar(bytes[index]))
        index += 1
      } else if let (scalar, length) = sequence(bytes[index...].prefix(4)) {
        text.append(scalar)
        letters += 1
        index += length
      } else {
        text.append(Windows1252.scalar(bytes[index]))
        strays.append(bytes[index])
        index += 1
      }
    }
    if evidence == .byteOrderMark || letters > strays.count {
      let encoding = TextEncoding(name: .utf8, evidence: evidence == .validity ? .mostlyValid : evidence)
      let warning = "Bytes that are not UTF-8 were read as windows-1252: \(strays.count) of them."
      return SourceText(name: name, text: String(text), encoding: encoding, warnings: [warning])
    }
    var whole = String.UnicodeScalarView()
    bytes.forEach { whole.append(Windows1252.scalar($0)) }
    let isWindows = bytes.contains { (0x80...0x9F).contains($0) }
    return SourceText(
      name: name, text: String(whole),
      encoding: TextEncoding(name: isWindows ? .windows1252 : .latin1, evidence: .invalidity),
      warnings: [
        "The file is no UTF-8 and was read as \(isWindows ? "windows-1252" : "ISO-8859-1"); if letters look wrong, "
          + "save it as UTF-8."
      ])
  }

  /// The letter that a sequence of two to four bytes spells, and its length; nil where the bytes are no such sequence.
  private static func sequence(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    for length in 2...4 where length <= bytes.count {
      if let text = String(validating: bytes.prefix(length), as: UTF8.self), let scalar = text.unicodeScalars.first,
        text.unicodeScalars.count == 1
      {
        return (scalar, length)
      }
    }
    return nil
  }

  private static func utf16(
    _ bytes: ArraySlice<UInt8>, _ name: String, _ encoding: TextEncoding.Name, _ evidence: TextEncoding.Evidence
  ) -> SourceText {
    let low = encoding == .utf16LittleEndian ? 0 : 1
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
      UInt16(bytes[index + low]) | UInt16(bytes[index + 1 - low]) << 8
    }
    return SourceText(
      name: name, text: String(decoding: units, as: UTF16.self),
      encoding: TextEncoding(name: encoding, evidence: evidence),
      warnings: bytes.count.isMultiple(of: 2) ? [] : ["The file ends in the middle of a letter: it may be cut short."])
  }

  /// Mends two marks that a wrong decoding left: windows-1252 or UTF-8 taken for another encoding, then saved as UTF-8.
  ///
  /// - U+0080 to U+009F, which no text uses, are the windows-1252 letters of the same numbers: U+0092 is ’.
  /// - A run of non-ASCII letters whose windows-1252 bytes are valid UTF-8 is that UTF-8: â€™ is ’, Ã© is é. Two
  ///   letters alone must begin with Â or Ã and not end a quotation, since “CAFÉ” holds a pair that would qualify.
  static func mended(_ text: String) -> (text: String, places: Int) {
    guard text.utf8.contains(where: { $0 == 0xC2 || $0 == 0xC3 }) else { return (text, 0) }
    var result = String.UnicodeScalarView()
    var run: [Unicode.Scalar] = []
    var places = 0
    func flush() {
      defer { run.removeAll(keepingCapacity: true) }
      let isPair = run.count == 2
      let isPlausible = !isPair || (run[0] == "Â" || run[0] == "Ã") && !"‘’“”–—…•".unicodeScalars.contains(run[1])
      guard run.count > 1, isPlausible, let bytes = Windows1252.bytes(run),
        let mended = String(validating: bytes, as: UTF8.self)
      else {
        for scalar in run {
          let isControl = (0x80...0x9F).contains(scalar.value)
          if isControl { places += 1 }
          result.append(isControl ? Windows1252.scalar(UInt8(scalar.value)) : scalar)
        }
        return
      }
      places += 1
      result.append(contentsOf: mended.unicodeScalars)
    }
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        if !run.isEmpty { flush() }
        result.append(scalar)
      } else {
        run.append(scalar)
      }
    }
    flush()
    return (String(result), places)
  }

  /// - Throws: `TranscriptError` for files that begin like a well-known kind of file that is no text.
  private static func refuseKnownBinary(_ bytes: [UInt8], _ name: String) throws {
    let office = "Export the transcript as WebVTT, or save the text of the document as a .txt file."
    let recording = "Transcribe the recording first: this is the recording itself."
    let kinds: [(signature: [UInt8], offset: Int, kind: String, remedy: String?)] = [
      ([0x50, 0x4B, 0x03, 0x04], 0, "a ZIP archive, as Word and Excel save", office),
      ([0xD0, 0xCF, 0x11, 0xE0], 0, "an old Office document", office),
      ([0x25, 0x50, 0x44, 0x46], 0, "a PDF document", office),
      ([0x1F, 0x8B], 0, "a gzip archive", "Unpack it first."),
      ([0x89, 0x48, 0x44, 0x46], 0, "an HDF5 file", "Name a feature bundle *.h5."),
      ([0x66, 0x74, 0x79, 0x70], 4, "an MP4 recording", recording),
      ([0x57, 0x41, 0x56, 0x45], 8, "a WAV recording", recording),
      ([0x49, 0x44, 0x33], 0, "an MP3 recording", recording),
      ([0x1A, 0x45, 0xDF, 0xA3], 0, "a WebM or Matroska recording", recording),
      ([0x4F, 0x67, 0x67, 0x53], 0, "an Ogg recording", recording),
      ([0x7F, 0x45, 0x4C, 0x46], 0, "a program", nil),
    ]
    for kind in kinds where bytes.dropFirst(kind.offset).starts(with: kind.signature) {
      throw TranscriptError.binary(name, found: kind.kind, remedy: kind.remedy)
    }
  }
}

/// The one-byte encoding of western Windows: ISO-8859-1, with letters and marks in 80–9F.
enum Windows1252 {
  /// 80 to 9F; five places are empty and stay control characters, as browsers do.
  private static let upper: [Unicode.Scalar] = [
    "\u{20AC}", "\u{81}", "\u{201A}", "\u{0192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
    "\u{02C6}", "\u{2030}", "\u{0160}", "\u{2039}", "\u{0152}", "\u{8D}", "\u{017D}", "\u{8F}",
    "\u{90}", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
    "\u{02DC}", "\u{2122}", "\u{0161}", "\u{203A}", "\u{0153}", "\u{9D}", "\u{017E}", "\u{0178}",
  ]
  private static let numbers = Dictionary(
    upper.enumerated().map { ($0.element, UInt8(0x80 + $0.offset)) }, uniquingKeysWith: { first, _ in first })

  static func scalar(_ byte: UInt8) -> Unicode.Scalar {
    (0x80...0x9F).contains(byte) ? upper[Int(byte) - 0x80] : Unicode.Scalar(byte)
  }

  /// The bytes that spell these letters; nil where one of them has no byte.
  static func bytes(_ scalars: [Unicode.Scalar]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in scalars {
      if let byte = numbers[scalar] {
        bytes.append(byte)
      } else if scalar.value <= 0xFF {
        bytes.append(UInt8(scalar.value))
      } else {
        return nil
      }
    }
    return bytes
  }
}
