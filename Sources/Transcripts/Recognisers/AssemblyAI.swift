/// Reads AssemblyAI's JSON; times are milliseconds.
///
///     {"id": "…", "status": "completed", "text": "…",
///      "utterances": [{"speaker": "A", "start": 300, "end": 2100, "text": "…", "words": […]}],
///      "words": [{"text": "Where", "start": 300, "end": 500, "speaker": "A"}]}
///
/// The first of these that the file has makes the rows: `utterances`, `words` by the rule of `WordTurns`, `text` as one
/// row without times. A transcription that failed says why.
enum AssemblyAI {
  static func wrote(_ document: JSONValue) -> Bool {
    let hasRows = document["utterances"] != nil || document["words"] != nil || document["text"] != nil
    if document["status"]?.string == "error", document["error"] != nil { return true }
    let marks = ["id", "status", "confidence", "audio_url", "language_model", "acoustic_model"]
    if case .array = document["utterances"] { return true }
    return hasRows && marks.count { document[$0] != nil } >= 2
  }

  /// - Throws: `TranscriptError` for a failed transcription, and beyond a limit.
  static func read(_ document: JSONValue, into draft: inout TranscriptDraft) throws {
    draft.program = "AssemblyAI"
    if let message = document["error"]?.string {
      throw TranscriptError.failedTranscription(draft.name, program: "AssemblyAI", message: message)
    }
    let utterances = document["utterances"]?.elements ?? []
    for (index, utterance) in utterances.enumerated() {
      let speaker = utterance["speaker"]?.label
      let channel = utterance["channel"]?.label.map { "channel \($0)" }
      try draft.append(
        TranscriptUtterance(
          speakers: (speaker ?? channel).map { [$0] } ?? [], source: speaker == nil ? .channel : .field,
          start: seconds(utterance["start"]), end: seconds(utterance["end"]), text: utterance["text"]?.string ?? "",
          place: SourcePlace(path: "utterances[\(index)]")))
    }
    guard utterances.isEmpty else { return }

    let words = (document["words"]?.elements ?? []).compactMap { value -> TimedWord? in
      guard let text = value["text"]?.string else { return nil }
      return TimedWord(
        text: text, start: seconds(value["start"]), end: seconds(value["end"]), speaker: value["speaker"]?.label)
    }
    try draft.append(WordTurns.rows(words), path: "words")
    if words.isEmpty, let text = document["text"]?.string, !text.isEmpty {
      try draft.append(TranscriptUtterance(text: text, place: SourcePlace(path: "text")))
    }
  }

  private static func seconds(_ milliseconds: JSONValue?) -> Double? {
    milliseconds?.seconds.map { $0 / 1000 }
  }
}
