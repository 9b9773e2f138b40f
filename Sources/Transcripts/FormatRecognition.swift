/// Which reader takes a file: decided by its content; the name's extension only decides where the content leaves a choice.
///
/// | content | read as |
/// | --- | --- |
/// | begins with `WEBVTT` | WebVTT |
/// | begins with `{`, or with `[` before a value | JSON |
/// | begins with `<?xml`, `<!DOCTYPE` or an XML root | ELAN |
/// | `ooTextFile` in the first line | TextGrid |
/// | `@UTF8`, `@Begin` or `@Participants:` in the first lines | CHAT |
/// | times with `-->` between | SubRip; WebVTT without its first line where the name ends in `.vtt` |
/// | a first line that names a column of words beside another one, or Audacity's labels | table |
/// | names or times before words | plain text |
///
/// What fits none of these is read as its extension promises, so that the error is about that format; a `.txt` is a text
/// without names.
enum FormatRecognition {
  enum Grammar {
    case webVTT, subRip, json, elan, textGrid, chat, table, plainText
  }

  /// - Throws: `TranscriptError` where neither the content nor the name says anything.
  static func grammar(of source: SourceText) throws -> Grammar {
    let lines = source.lines()
    let promised = fileExtension(source.name)
    let start = source.text.prefix(400).drop(while: \.isWhitespace)
    if WebVTT.begins(source.text) { return .webVTT }
    if RecogniserJSON.begins(source.text) { return .json }
    if ["<?xml", "<!DOCTYPE", "<!doctype", "<ANNOTATION_DOCUMENT", "<html", "<tt", "<!--"].contains(
      where: start.hasPrefix)
    {
      return .elan
    }
    if TextGrid.begins(source.text) { return .textGrid }
    if CHAT.begins(lines) { return .chat }
    if SubRip.begins(lines) { return promised == "vtt" ? .webVTT : .subRip }
    let isTable = promised == "csv" || promised == "tsv"
    if TranscriptTable.isLabelTrack(lines) || TranscriptTable.shape(of: lines, isPromised: isTable) != nil {
      return .table
    }
    switch promised {
    case "csv", "tsv": return .table
    case "json": return .json
    case "eaf": return .elan
    case "textgrid": return .textGrid
    case "cha": return .chat
    case "txt": return .plainText
    default: break
    }
    if PlainText.begins(lines) { return .plainText }
    throw TranscriptError.unknownFormat(source.name, firstLine: String(lines.first { !$0.isBlank }?.text ?? ""))
  }

  /// What the name promises and the content does not keep, as a warning; nil where they agree or the name says nothing.
  static func disagreement(_ format: TranscriptFormat, name: String) -> String? {
    let promised = fileExtension(name)
    let isTable = [.commaTable, .tabTable].contains(format) && ["csv", "tsv"].contains(promised)
    guard TranscriptFormat.fileExtensions.contains(promised), promised != "txt", !isTable,
      !format.extensions.contains(promised)
    else { return nil }
    return "The name ends in .\(promised), but the content is \(format.title)."
  }

  /// The part of a name behind its last point, in lower case.
  static func fileExtension(_ name: String) -> String {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }
}
