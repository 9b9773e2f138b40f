/// Joins consecutive cues of one speaker's sentence, since subtitles are cut to fit the screen.
///
/// A cue is joined to the row before it if all of these hold:
/// - Both are speech, and both name the same speakers. Where they name nobody, the later one begins in lower case.
/// - The row before does not end a sentence (see `SentenceEnd`).
/// - The later one starts at most 1.5 s after the end of the row before and at most 1 s earlier, or a time is missing.
/// - Both do not come from one cue: there, somebody else has begun to speak.
/// - The joined row has at most 60 words.
///
/// The row then has the first cue's start, identifier and line and the last cue's end. Where fewer than one row in ten
/// ends a sentence nothing tells where sentences end, and nothing is joined.
enum SentenceJoining {
  static let longestPause = 1.5
  static let longestOverlap = 1.0
  static let mostWords = 60

  static func join(_ draft: inout TranscriptDraft) {
    let rows = draft.utterances
    let ending = rows.count { SentenceEnd.closes($0.text) }
    guard ending * 10 >= rows.count else { return }
    var joined: [TranscriptUtterance] = []
    joined.reserveCapacity(rows.count)
    var lastLine: Int?
    var lastPath: String?
    for row in rows {
      let isOfSameCue = row.place.line != nil ? row.place.line == lastLine : row.place.path == lastPath
      if let before = joined.last, !isOfSameCue, continues(before, row) {
        joined[joined.count - 1].text += " " + row.text
        joined[joined.count - 1].end = row.end
        joined[joined.count - 1].cues += 1
      } else {
        joined.append(row)
      }
      lastLine = row.place.line
      lastPath = row.place.path
    }
    draft.utterances = joined
  }

  private static func continues(_ before: TranscriptUtterance, _ row: TranscriptUtterance) -> Bool {
    guard before.isSpeech, row.isSpeech, before.speakers == row.speakers else { return false }
    if row.speakers.isEmpty, row.text.first?.isLowercase != true { return false }
    if let end = before.end, let start = row.start,
      start - end > longestPause || end - start > longestOverlap || before.endsBeforeStart
    {
      return false
    }
    return !SentenceEnd.closes(before.text) && wordCount(before.text) + wordCount(row.text) <= mostWords
  }
}
