/// Reads SubRip subtitles (`.srt`).
///
///     12
///     00:01:02,500 --> 00:01:05,000
///     - Where is it?
///     - <i>At the neighbours'.</i>
///
/// The grammar of cues is `CueBlocks`, that of their text `CaptionMarkup` and `CaptionTurns`: two lines with dashes are
/// two turns by people whom the file does not name. Numbers may be missing or wrong, a point may stand for the comma, and
/// coordinates behind the times (`X1:…`) are left out.
enum SubRip {
  /// Whether one of the first lines holds two times with an arrow between.
  static func begins(_ lines: [SourceLine]) -> Bool {
    lines.prefix(200).contains { $0.isTiming && $0.text.contains(":") }
  }

  /// - Throws: `TranscriptError` beyond a limit.
  static func read(_ source: SourceText, into draft: inout TranscriptDraft) throws {
    let cues = CueBlocks(hasComments: false, endsAtWhiteSpace: true).cues(in: source.lines()[...], draft: &draft)
    try CaptionTurns(cues).append(to: &draft)
  }
}
