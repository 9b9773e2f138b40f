/// Reads Deepgram's JSON, of which it can say the same thing four times.
///
///     {"results": {"utterances": [{"start": 0.3, "end": 2.1, "transcript": "…", "speaker": 0, "channel": 0}],
///                  "channels": [{"alternatives": [{"transcript": "…", "words": [{"word": "where", "start": 0.3,
///                    "end": 0.5, "speaker": 0, "punctuated_word": "Where"}], "paragraphs": {"paragraphs": [
///                    {"speaker": 0, "sentences": [{"text": "…", "start": 0.3, "end": 2.1}]}]}}]}]}}
///
/// - The first of these that the file has makes the rows: `utterances`; each channel's sentences of `paragraphs`; each
///   channel's words by the rule of `WordTurns`; each channel's `transcript`. The others repeat it.
/// - Only the first alternative of a channel counts.
/// - Speakers are numbers. With several channels the speakers of each are counted for themselves, so the row names both,
///   `channel 1 speaker 0`; a channel without speakers is one person, `channel 1`. A single channel is nobody's name.
enum Deepgram {
  /// - Parameter results: the member `results` of the document.
  /// - Throws: `TranscriptError` beyond a limit.
  static func read(_ results: JSONValue, into draft: inout TranscriptDraft) throws {
    draft.program = "Deepgram"
    let channels = results["channels"]?.elements ?? []
    let utterances = results["utterances"]?.elements ?? []
    let spoken = Set(utterances.compactMap { $0["channel"]?.label })
    let areSeveral = max(channels.count, spoken.count) > 1
    for (index, utterance) in utterances.enumerated() {
      let (speaker, source) = name(utterance["speaker"]?.label, utterance["channel"]?.label, areSeveral)
      try draft.append(
        TranscriptUtterance(
          speakers: speaker.map { [$0] } ?? [], source: source, start: utterance["start"]?.seconds,
          end: utterance["end"]?.seconds, text: utterance["transcript"]?.string ?? "",
          place: SourcePlace(id: utterance["id"]?.label, path: "results.utterances[\(index)]")))
    }
    if utterances.isEmpty {
      for (index, channel) in channels.enumerated() {
        guard let best = channel["alternatives"]?.elements.first else { continue }
        draft.leaveOut("further alternative", count: (channel["alternatives"]?.elements.count ?? 1) - 1)
        try read(best, channel: index, of: channels.count, into: &draft)
      }
    }
    draft.sortByStart()
  }

  private static func read(
    _ best: JSONValue, channel: Int, of count: Int, into draft: inout TranscriptDraft
  ) throws {
    let path = "results.channels[\(channel)].alternatives[0]"
    let tier = count > 1 ? "channel \(channel)" : nil
    let paragraphs = best["paragraphs"]?["paragraphs"]?.elements ?? []
    for (index, paragraph) in paragraphs.enumerated() {
      let (speaker, source) = name(paragraph["speaker"]?.label, "\(channel)", count > 1)
      for sentence in paragraph["sentences"]?.elements ?? [] {
        try draft.append(
          TranscriptUtterance(
            speakers: speaker.map { [$0] } ?? [], source: source, start: sentence["start"]?.seconds,
            end: sentence["end"]?.seconds, text: sentence["text"]?.string ?? "",
            place: SourcePlace(path: "\(path).paragraphs.paragraphs[\(index)]", tier: tier)))
      }
    }
    guard paragraphs.isEmpty else { return }

    let words = (best["words"]?.elements ?? []).compactMap { value -> TimedWord? in
      guard let text = value.first("punctuated_word", "word")?.string else { return nil }
      let (speaker, _) = name(value["speaker"]?.label, "\(channel)", count > 1)
      return TimedWord(
        text: text, start: value["start"]?.seconds, end: value["end"]?.seconds, speaker: speaker)
    }
    try draft.append(
      WordTurns.rows(words), path: "\(path).words", source: count > 1 ? .channel : .words, tier: tier)
    if words.isEmpty, let transcript = best["transcript"]?.string, !transcript.isEmpty {
      let (speaker, source) = name(nil, "\(channel)", count > 1)
      try draft.append(
        TranscriptUtterance(
          speakers: speaker.map { [$0] } ?? [], source: source, text: transcript,
          place: SourcePlace(path: "\(path).transcript", tier: tier)))
    }
  }

  private static func name(_ speaker: String?, _ channel: String?, _ areSeveral: Bool) -> (String?, SpeakerSource) {
    guard areSeveral, let channel else { return (speaker, .field) }
    return (speaker.map { "channel \(channel) speaker \($0)" } ?? "channel \(channel)", .channel)
  }
}
