import Foundation

/// Reads a transcript of any known format.
///
///     let data = try Data(contentsOf: url)
///     let transcript = try TranscriptReader.read(data, name: url.lastPathComponent)
///
/// The way of a file: its size is checked, its letters are decoded (`TextDecoding`), its format is recognised
/// (`FormatRecognition`), one reader makes rows of it, and then the steps that all formats share are taken: repetitions of
/// rolling captions go, people who speak together are told apart, cues of one sentence are joined, and the times are
/// looked through.
public enum TranscriptReader {
  /// - Parameter name: the file's name, whose extension is a hint.
  /// - Throws: `TranscriptError` for a file that is too large, no text, of no known format, damaged beyond single lines, or
  ///   without a single utterance.
  public static func read(
    _ data: Data, name: String, options: TranscriptOptions = TranscriptOptions()
  ) throws -> Transcript {
    try options.limits.check(bytes: data.count, of: name)
    guard !data.isEmpty else { throw TranscriptError.empty(name) }
    let source = try TextDecoding.decode(data, name: name)
    var draft = TranscriptDraft(name: name, limits: options.limits)
    source.warnings.forEach { draft.warn($0) }
    let format = try read(source, into: &draft)
    if let disagreement = FormatRecognition.disagreement(format, name: name) { draft.warn(disagreement) }
    guard !draft.utterances.isEmpty else {
      throw TranscriptError.noUtterances(name, format: format, leftOut: draft.leftOut)
    }

    if format.hasCues {
      leaveOutRepeatedCues(of: &draft)
      RollingCaptions.removeRepetitions(from: &draft)
    }
    JointSpeakers.separate(&draft.utterances)
    if format.hasCues, options.joinsSentences { SentenceJoining.join(&draft) }
    RowCheck.look(through: &draft, format)
    return Transcript(
      name: name, format: format, program: draft.program, encoding: source.encoding, speakerTable: draft.speakerTable,
      utterances: draft.utterances, leftOut: draft.leftOut, warnings: draft.allWarnings)
  }

  private static func read(_ source: SourceText, into draft: inout TranscriptDraft) throws -> TranscriptFormat {
    switch try FormatRecognition.grammar(of: source) {
    case .webVTT:
      try WebVTT.read(source, into: &draft)
      return .webVTT
    case .subRip:
      try SubRip.read(source, into: &draft)
      return .subRip
    case .json: return try RecogniserJSON.read(source, into: &draft)
    case .elan:
      try ELAN.read(source, into: &draft)
      return .elan
    case .textGrid:
      try TextGrid.read(source, into: &draft)
      return .textGrid
    case .chat:
      try CHAT.read(source, into: &draft)
      return .chat
    case .table: return try TranscriptTable.read(source, into: &draft)
    case .plainText:
      try PlainText.read(source, into: &draft)
      return .plainText
    }
  }

  /// Leaves out cues that are the cue before them once more: the same speakers, times and words.
  private static func leaveOutRepeatedCues(of draft: inout TranscriptDraft) {
    var kept: [TranscriptUtterance] = []
    for row in draft.utterances {
      if let last = kept.last, row.start != nil, last.start == row.start, last.end == row.end, last.text == row.text,
        last.speakers == row.speakers, !row.text.isEmpty
      {
        draft.leaveOut("cue that is there twice")
      } else {
        kept.append(row)
      }
    }
    draft.utterances = kept
  }
}

/// Looks through the rows of a file for what a person should know; changes nothing.
enum RowCheck {
  /// A first row behind this many seconds makes one wonder what the times count from.
  private static let lateStart = 3600.0

  static func look(through draft: inout TranscriptDraft, _ format: TranscriptFormat) {
    let rows = draft.utterances
    if rows.allSatisfy(\.speakers.isEmpty) {
      draft.warn("The file names no speakers.")
    }
    if rows.allSatisfy({ $0.start == nil && $0.end == nil }) {
      draft.warn("The file holds no times.")
    } else {
      for row in rows where row.start == nil || row.end == nil {
        draft.note("A row lacks its start or its end", at: row.place.description)
      }
    }
    let dialogues = Set(rows.map(\.dialogue))
    if dialogues.count == 1, let first = rows.lazy.compactMap(\.start).first, first >= lateStart {
      draft.warn(
        "The first row starts at \(TimeCode.text(first)): the times count from somewhere else than the beginning, "
          + "perhaps from midnight; they are kept as written.")
    }
    var before: TranscriptUtterance?
    for row in rows {
      let place = row.place.description
      if row.text.isEmpty { draft.note("A row has no words", at: place) }
      if row.endsBeforeStart { draft.note("A row ends before it starts; its times are kept as written", at: place) }
      if let start = row.start, start < 0 { draft.note("A row starts before the recording", at: place) }
      if let before, before.dialogue == row.dialogue, before.place != row.place { compare(row, with: before, &draft) }
      before = row
    }
  }

  private static func compare(
    _ row: TranscriptUtterance, with before: TranscriptUtterance, _ draft: inout TranscriptDraft
  ) {
    guard let start = row.start else { return }
    let place = row.place.description
    if let earlier = before.start, start < earlier {
      draft.note("A row starts before the row above it starts", at: place)
    } else if let end = before.end, !before.endsBeforeStart, start < end {
      draft.note("A row starts before the row above it has ended", at: place)
    }
  }
}
