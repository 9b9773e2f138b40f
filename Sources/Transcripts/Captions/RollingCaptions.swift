/// Takes the repetitions out of captions that roll, in which each cue shows the last one's words again.
///
/// Live captions grow (`I want`, `I want my`, `I want my money`) and scroll (each cue shows the line before and a new
/// one). A row *repeats* if its first words are the last words of the row before it: all of the row before, all of the row
/// itself, or at least two, spoken by the same people less than a second later.
///
/// A file rolls if at least two rows, and half of those that follow another one, repeat two words or more. Only then are
/// repeated words taken out: people do say things twice. A row that is left with nothing is left out, and counted.
enum RollingCaptions {
  static func removeRepetitions(from draft: inout TranscriptDraft) {
    let rows = draft.utterances
    guard rows.count > 2 else { return }
    let words = rows.map { $0.text.split(separator: " ").map { $0.lowercased() } }
    var overlaps = [Int](repeating: 0, count: rows.count)
    var followers = 0
    var repeating = 0
    for index in 1..<rows.count where words[index].count > 1 && words[index - 1].count > 1 {
      followers += 1
      guard follows(rows[index - 1], rows[index]) else { continue }
      overlaps[index] = overlap(words[index - 1], words[index])
      if overlaps[index] > 1 { repeating += 1 }
    }
    guard repeating >= 2, repeating * 2 >= followers else { return }

    var kept: [TranscriptUtterance] = [rows[0]]
    var emptied = 0
    for index in 1..<rows.count {
      let overlap = follows(rows[index - 1], rows[index]) ? self.overlap(words[index - 1], words[index]) : 0
      guard overlap > 0 else {
        kept.append(rows[index])
        continue
      }
      guard overlap < words[index].count else {
        emptied += 1
        continue
      }
      var row = rows[index]
      row.text = row.text.split(separator: " ").dropFirst(overlap).joined(separator: " ")
      row.isSpeech = NonSpeech.isSpeech(row.text)
      kept.append(row)
    }
    draft.utterances = kept
    draft.leaveOut("cue that only repeats the one before", count: emptied)
    draft.warn("The captions roll: words that a cue repeats from the one before it were taken out.")
  }

  private static func follows(_ earlier: TranscriptUtterance, _ later: TranscriptUtterance) -> Bool {
    guard earlier.speakers == later.speakers else { return false }
    guard let end = earlier.end, let start = later.start else { return true }
    return start - end < 1
  }

  /// How many words at the end of one row open the next: see the rule above; 0 where it does not repeat.
  private static func overlap(_ earlier: [String], _ later: [String]) -> Int {
    // Longer overlaps than this do not occur on a screen; the bound keeps hostile rows cheap.
    for length in stride(from: min(earlier.count, later.count, 60), to: 0, by: -1)
    where earlier.suffix(length) == later.prefix(length) {
      return length > 1 || earlier.count == 1 || later.count == 1 ? length : 0
    }
    return 0
  }
}
