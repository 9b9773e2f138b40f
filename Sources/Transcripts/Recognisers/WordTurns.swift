/// A word of a recogniser's list.
struct TimedWord {
  var text: String
  var start: Double?
  var end: Double?
  var speaker: String?
  /// Whether it is a mark that belongs to the word before, as Amazon Transcribe lists them.
  var isPunctuation = false
}

/// Makes rows out of a list of words, for programs that write no utterances.
///
/// A row ends
/// - where the speaker changes: a word without a speaker stays with the words before it, at the beginning of the list
///   with those behind it;
/// - behind a word that ends a sentence (see `SentenceEnd`);
/// - where nobody speaks for a second or longer.
///
/// It starts with its first word and ends with its last one; where those have no time, the row has none.
struct WordTurns {
  static let longestPause = 1.0

  /// A run of words of one speaker.
  struct Turn {
    var speaker: String?
    var words: [TimedWord]

    var start: Double? { words.first?.start }
    var end: Double? { words.last { !$0.isPunctuation }?.end }
    var text: String {
      words.reduce(into: "") { text, word in
        if !text.isEmpty, !word.isPunctuation { text += " " }
        text += word.text.trimmed
      }
    }
  }

  /// The runs of words between changes of speaker.
  static func bySpeaker(_ words: [TimedWord]) -> [Turn] {
    var turns: [Turn] = []
    for word in words {
      let last = turns.count - 1
      if last >= 0, word.speaker == nil || turns[last].speaker == nil || word.speaker == turns[last].speaker {
        turns[last].words.append(word)
        turns[last].speaker = turns[last].speaker ?? word.speaker
      } else {
        turns.append(Turn(speaker: word.speaker, words: [word]))
      }
    }
    return turns
  }

  /// The rows by the whole rule.
  static func rows(_ words: [TimedWord]) -> [Turn] {
    bySpeaker(words).flatMap { turn in
      var rows: [Turn] = []
      for word in turn.words {
        if let last = rows.last, word.isPunctuation || !ends(last, before: word) {
          rows[rows.count - 1].words.append(word)
        } else {
          rows.append(Turn(speaker: turn.speaker, words: [word]))
        }
      }
      return rows
    }
  }

  private static func ends(_ row: Turn, before word: TimedWord) -> Bool {
    guard let last = row.words.last else { return false }
    let before = row.words.count > 1 && last.isPunctuation ? row.words[row.words.count - 2].text + last.text : last.text
    if SentenceEnd.closes(before) { return true }
    guard let end = row.end, let start = word.start else { return false }
    return start - end >= longestPause
  }
}

extension TranscriptDraft {
  /// Adds rows made of words.
  ///
  /// - Throws: `TranscriptError` beyond a limit.
  mutating func append(_ turns: [WordTurns.Turn], path: String, source: SpeakerSource = .words, tier: String? = nil)
    throws
  {
    for turn in turns {
      try append(
        TranscriptUtterance(
          speakers: turn.speaker.map { [$0] } ?? [], source: source, start: turn.start, end: turn.end, text: turn.text,
          place: SourcePlace(path: path, tier: tier)))
    }
  }
}
