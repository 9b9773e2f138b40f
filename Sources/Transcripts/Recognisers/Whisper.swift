/// Reads the JSON of Whisper, of its relatives, and of WhisperX, which adds speakers.
///
///     {"segments": [{"start": 0.3, "end": 2.1, "text": " Where is it?", "speaker": "SPEAKER_00",
///                    "words": [{"word": "Where", "start": 0.3, "end": 0.5, "speaker": "SPEAKER_00"}, …]}],
///      "word_segments": […], "language": "en"}
///
/// - A segment is a row. `text`, where it is missing, is made of the words.
/// - The speaker is the segment's. Where only its words name one, it is theirs.
/// - Where a segment's words name several speakers, the segment is cut where they change. Words without a speaker stay
///   with those before them. So does a single word of somebody else inside a sentence: recognisers are often wrong about
///   such words, and right about segments.
/// - `word_segments`, and Whisper's `text` for the whole file, repeat the segments and are left out.
/// - A cut row begins and ends with its words; the first begins and the last ends with the segment.
enum Whisper {
  /// - Throws: `TranscriptError` beyond a limit.
  static func read(_ document: JSONValue, into draft: inout TranscriptDraft) throws {
    let segments = document["segments"]?.elements ?? []
    let isAligned = segments.contains { $0["speaker"] != nil || $0["words"]?.elements.first?["score"] != nil }
    draft.program = isAligned || document["word_segments"] != nil ? "WhisperX" : "Whisper"
    draft.leaveOut("word listed a second time", count: document["word_segments"]?.elements.count ?? 0)

    for (index, segment) in segments.enumerated() {
      let path = "segments[\(index)]"
      guard case .object = segment else {
        draft.leaveOut("segment that is no object")
        continue
      }
      let words = (segment["words"]?.elements ?? []).compactMap(word)
      let turns = withoutFlicker(WordTurns.bySpeaker(words))
      if turns.count > 1 {
        draft.note("A segment holds words of several speakers and was cut where they change", at: path)
        try append(turns, of: segment, path: path, to: &draft)
      } else {
        let spoken = segment.first("speaker", "speaker_id", "speaker_label")?.label
        let speaker = spoken ?? turns.first?.speaker
        let text = segment["text"]?.string ?? turns.first?.text ?? ""
        try draft.append(
          TranscriptUtterance(
            speakers: speaker.map { [$0] } ?? [], source: spoken == nil ? .words : .field,
            start: segment["start"]?.seconds, end: segment["end"]?.seconds, text: text,
            place: SourcePlace(id: segment["id"]?.label, path: path)))
      }
    }
  }

  /// whisper.cpp: `{"transcription": [{"offsets": {"from": 0, "to": 2100}, "text": " …", "speaker": "0"}]}`, in
  /// milliseconds.
  ///
  /// - Throws: `TranscriptError` beyond a limit.
  static func readWhisperCpp(_ document: JSONValue, into draft: inout TranscriptDraft) throws {
    draft.program = "whisper.cpp"
    for (index, segment) in (document["transcription"]?.elements ?? []).enumerated() {
      let offsets = segment["offsets"]
      let speaker = segment["speaker"]?.label
      try draft.append(
        TranscriptUtterance(
          speakers: speaker.map { [$0] } ?? [], source: .field, start: (offsets?["from"]?.seconds).map { $0 / 1000 },
          end: (offsets?["to"]?.seconds).map { $0 / 1000 }, text: segment["text"]?.string ?? "",
          place: SourcePlace(path: "transcription[\(index)]")))
    }
  }

  /// Joins single words inside a sentence to the words before them, at the beginning to those behind.
  private static func withoutFlicker(_ turns: [WordTurns.Turn]) -> [WordTurns.Turn] {
    var kept: [WordTurns.Turn] = []
    for turn in turns {
      guard let last = kept.last else {
        kept.append(turn)
        continue
      }
      let isFlicker = !SentenceEnd.closes(last.text) && (turn.words.count == 1 || last.words.count == 1)
      if isFlicker || last.speaker == turn.speaker {
        kept[kept.count - 1].words += turn.words
        if last.words.count == 1, turn.words.count > 1 { kept[kept.count - 1].speaker = turn.speaker }
      } else {
        kept.append(turn)
      }
    }
    return kept
  }

  private static func append(
    _ turns: [WordTurns.Turn], of segment: JSONValue, path: String, to draft: inout TranscriptDraft
  ) throws {
    for (index, turn) in turns.enumerated() {
      let start = index == 0 ? segment["start"]?.seconds ?? turn.start : turn.start
      let end = index == turns.count - 1 ? segment["end"]?.seconds ?? turn.end : turn.end
      try draft.append(
        TranscriptUtterance(
          speakers: turn.speaker.map { [$0] } ?? [], source: .words, start: start, end: end, text: turn.text,
          place: SourcePlace(path: path)))
    }
  }

  private static func word(_ value: JSONValue) -> TimedWord? {
    guard let text = value.first("word", "text")?.string else { return nil }
    return TimedWord(
      text: text, start: value["start"]?.seconds, end: value["end"]?.seconds, speaker: value["speaker"]?.label)
  }
}
