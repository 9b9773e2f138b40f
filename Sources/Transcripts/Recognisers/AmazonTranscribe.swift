/// Reads the JSON of Amazon Transcribe, and that of its call analysis.
///
///     {"results": {"transcripts": [{"transcript": "…"}],
///                  "items": [{"type": "pronunciation", "start_time": "0.3", "end_time": "0.5",
///                             "speaker_label": "spk_0", "alternatives": [{"content": "Where"}]},
///                            {"type": "punctuation", "alternatives": [{"content": "?"}]}],
///                  "speaker_labels": {"segments": [{"speaker_label": "spk_0", "items": [{"start_time": "0.3", …}]}]},
///                  "channel_labels": {"channels": [{"channel_label": "ch_0", "items": […]}]},
///                  "audio_segments": [{"id": 0, "transcript": "…", "start_time": "0.3", "speaker_label": "spk_0", …}]}}
///
/// - The first of these that the file has makes the rows: `audio_segments`; the items of each channel; the items; by the
///   rule of `WordTurns`. The transcript repeats them, and is a row only where there is nothing else.
/// - An item's speaker is its own `speaker_label`, or that of the segment in `speaker_labels` that lists its start.
/// - With several channels, a channel's label is its speaker's name.
enum AmazonTranscribe {
  /// - Parameter results: the member `results` of the document.
  /// - Throws: `TranscriptError` beyond a limit.
  static func read(_ results: JSONValue, into draft: inout TranscriptDraft) throws {
    draft.program = "Amazon Transcribe"
    let channels = results["channel_labels"]?["channels"]?.elements ?? []
    let segments = results["audio_segments"]?.elements ?? []
    if !segments.isEmpty {
      for (index, segment) in segments.enumerated() {
        let speaker = segment["speaker_label"]?.label
        let name = speaker ?? (channels.count > 1 ? segment["channel_label"]?.label : nil)
        try draft.append(
          TranscriptUtterance(
            speakers: name.map { [$0] } ?? [], source: speaker == nil ? .channel : .field,
            start: segment["start_time"]?.seconds, end: segment["end_time"]?.seconds,
            text: segment["transcript"]?.string ?? "",
            place: SourcePlace(id: segment["id"]?.label, path: "results.audio_segments[\(index)]")))
      }
    } else if channels.count > 1 {
      for (index, channel) in channels.enumerated() {
        let words = (channel["items"]?.elements ?? []).compactMap { word($0, speaker: channel["channel_label"]?.label) }
        try draft.append(
          WordTurns.rows(words), path: "results.channel_labels.channels[\(index)]", source: .channel,
          tier: channel["channel_label"]?.label)
      }
    } else {
      let speakers = speakersByStart(results["speaker_labels"])
      let items = results["items"]?.elements ?? channels.first?["items"]?.elements ?? []
      let words = items.compactMap { item in
        word(item, speaker: item["speaker_label"]?.label ?? item["start_time"]?.string.flatMap { speakers[$0] })
      }
      try draft.append(WordTurns.rows(words), path: "results.items")
    }
    if draft.utterances.isEmpty, let text = results["transcripts"]?.elements.first?["transcript"]?.string, !text.isEmpty
    {
      try draft.append(TranscriptUtterance(text: text, place: SourcePlace(path: "results.transcripts[0]")))
    }
    draft.sortByStart()
  }

  /// Reads the analysis of a call.
  ///
  /// `{"Transcript": [{"ParticipantRole": "AGENT", "BeginOffsetMillis": 300, "EndOffsetMillis": 2100, "Content": "…"}]}`
  ///
  /// - Throws: `TranscriptError` beyond a limit.
  static func readCallAnalysis(_ document: JSONValue, into draft: inout TranscriptDraft) throws {
    draft.program = "Amazon Transcribe Call Analytics"
    for (index, turn) in (document["Transcript"]?.elements ?? []).enumerated() {
      let speaker = turn.first("ParticipantRole", "ParticipantId")?.label
      try draft.append(
        TranscriptUtterance(
          speakers: speaker.map { [$0] } ?? [], source: .field,
          start: turn["BeginOffsetMillis"]?.seconds.map { $0 / 1000 },
          end: turn["EndOffsetMillis"]?.seconds.map { $0 / 1000 }, text: turn["Content"]?.string ?? "",
          place: SourcePlace(id: turn["Id"]?.label, path: "Transcript[\(index)]")))
    }
    draft.sortByStart()
  }

  private static func word(_ item: JSONValue, speaker: String?) -> TimedWord? {
    guard let text = item["alternatives"]?.elements.first?["content"]?.string else { return nil }
    return TimedWord(
      text: text, start: item["start_time"]?.seconds, end: item["end_time"]?.seconds, speaker: speaker,
      isPunctuation: item["type"]?.string == "punctuation")
  }

  private static func speakersByStart(_ labels: JSONValue?) -> [String: String] {
    var speakers: [String: String] = [:]
    for segment in labels?["segments"]?.elements ?? [] {
      for item in segment["items"]?.elements ?? [] {
        guard let start = item["start_time"]?.string else { continue }
        speakers[start] = item["speaker_label"]?.label ?? segment["speaker_label"]?.label
      }
    }
    return speakers
  }
}
