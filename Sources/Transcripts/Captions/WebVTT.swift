/// Reads WebVTT, as the W3C defines it and as meeting programs write it.
///
///     WEBVTT [text]
///     [header lines]
///
///     NOTE a comment, up to the next blank line
///
///     12
///     00:01.000 --> 00:04.250 align:start position:10%
///     <v.loud Anna>Where is my parcel?</v>
///
/// The grammar of cues is `CueBlocks`, that of their text `CaptionMarkup` and `CaptionTurns`. Times are `[hours:]minutes:
/// seconds.fraction`, a comma for the point is accepted. Settings behind the times and header lines say nothing about who
/// speaks and are left out; a header that shifts times (`X-TIMESTAMP-MAP`) gets a warning, since times are kept as written.
///
/// Zoom writes `Name: words` under numbered cues; Teams writes voices, and identifiers with a slash; Webex writes the
/// name into the identifier; YouTube writes `Kind: captions` and captions that roll.
enum WebVTT {
  /// Whether the text begins as WebVTT must.
  static func begins(_ text: String) -> Bool {
    let rest = text.utf8.dropFirst(6).first
    return text.hasPrefix("WEBVTT") && (rest == nil || [0x20, 0x09, 0x0A, 0x0D].contains(rest))
  }

  /// - Throws: `TranscriptError` beyond a limit.
  static func read(_ source: SourceText, into draft: inout TranscriptDraft) throws {
    let lines = source.lines()
    var body = lines[...]
    var header: [Substring] = []
    if begins(source.text) {
      header = body.prefix { !$0.isBlank && !$0.isTiming }.map(\.text)
      body = body.dropFirst(header.count)
    } else {
      draft.warn("The line WEBVTT is missing at the beginning.")
    }
    // A number right under the header is the first cue's.
    if body.first?.isTiming == true, header.count > 1, let last = header.last, last.allSatisfy(\.isNumber) {
      header.removeLast()
      body = lines[(body.startIndex - 1)...]
    }
    if header.contains(where: { $0.hasPrefix("X-TIMESTAMP-MAP") }) {
      draft.warn("The header shifts all times (X-TIMESTAMP-MAP); they are kept as written.")
    }
    let cues = CueBlocks(hasComments: true, endsAtWhiteSpace: false).cues(in: body, draft: &draft)
    let turns = CaptionTurns(cues)
    draft.program = program(header: header, cues: cues, haveNames: turns.haveNames)
    try turns.append(to: &draft)
  }

  private static func program(header: [Substring], cues: [Cue], haveNames: Bool) -> String? {
    if header.contains(where: { $0.hasPrefix("Kind: captions") }) { return "YouTube" }
    let ids = cues.prefix(20).map { $0.id ?? "" }
    guard !ids.isEmpty else { return nil }
    if ids.allSatisfy({ $0.hasSuffix(")") && $0.contains("\" (") }) { return "Webex" }
    let firstLines = cues.prefix(20).map { $0.lines.first ?? "" }
    if firstLines.allSatisfy({ $0.hasPrefix("<v ") }), ids.allSatisfy({ $0.isEmpty || $0.contains("/") }) {
      return "Microsoft Teams"
    }
    let areNumbered = ids.enumerated().allSatisfy { $0.element == "\($0.offset + 1)" }
    return areNumbered && haveNames && header.count == 1 ? "Zoom" : nil
  }
}
