/// Reads the JSON of Google's Speech-to-Text, versions 1 and 2, as its programs and client libraries write it.
///
///     {"results": [{"alternatives": [{"transcript": "…", "words": [{"word": "Where", "startTime": "0.300s",
///                   "endTime": "0.500s", "speakerTag": 1}]}], "resultEndTime": "2.100s", "channelTag": 1}]}
///
/// - Where words name speakers, rows are made of words by the rule of `WordTurns`. With speakers, the last result lists
///   the words of all results again, this time with speakers: then it alone counts.
/// - Elsewhere a result is a row, from its first word's start to its last word's end or `resultEndTime`.
/// - Only the first alternative of a result counts.
/// - Tag 0 is nobody. Where results carry several `channelTag`s, the channel is the speaker's name.
enum GoogleSpeech {
  /// - Parameter results: the list `results` of the document.
  /// - Throws: `TranscriptError` beyond a limit.
  static func read(_ results: JSONValue, into draft: inout TranscriptDraft) throws {
    draft.program = "Google Speech-to-Text"
    var all = results.elements.enumerated().map { index, result in Result(result, index) }
    draft.leaveOut("further alternative", count: all.reduce(0) { $0 + max(0, $1.alternatives - 1) })
    if let last = all.last, last.namesSpeakers, all.count > 1 {
      let earlier = all.dropLast().reduce(0) { $0 + $1.words.count }
      let isRepetition = last.words.count >= earlier && all.dropLast().allSatisfy { !$0.namesSpeakers }
      if isRepetition {
        draft.leaveOut("result that the last one repeats with speakers", count: all.count - 1)
        all = [last]
      }
    }
    let channels = Set(all.compactMap(\.channel))
    for result in all {
      let channel = channels.count > 1 ? result.channel.map { "channel \($0)" } : nil
      if result.namesSpeakers {
        let words = result.words.map { word in
          var word = word
          if let channel { word.speaker = word.speaker.map { "\(channel) speaker \($0)" } ?? channel }
          return word
        }
        try draft.append(WordTurns.rows(words), path: result.path, tier: channel)
      } else {
        try draft.append(
          TranscriptUtterance(
            speakers: channel.map { [$0] } ?? [], source: .channel, start: result.words.first?.start,
            end: result.words.last?.end ?? result.end, text: result.transcript,
            place: SourcePlace(path: result.path, tier: channel)))
      }
    }
    if channels.count > 1 { draft.sortByStart() }
  }

  private struct Result {
    var path: String
    var transcript: String
    var words: [TimedWord]
    var channel: String?
    var end: Double?
    var alternatives: Int

    var namesSpeakers: Bool { words.contains { $0.speaker != nil } }

    init(_ value: JSONValue, _ index: Int) {
      let best = value["alternatives"]?.elements.first
      path = "results[\(index)]"
      transcript = best?["transcript"]?.string ?? ""
      words = (best?["words"]?.elements ?? []).compactMap { word in
        guard let text = word["word"]?.string else { return nil }
        let speaker = word.first("speakerLabel", "speaker_label", "speakerTag", "speaker_tag")?.label
        return TimedWord(
          text: text, start: GoogleSpeech.time(word.first("startTime", "startOffset", "start_time", "start_offset")),
          end: GoogleSpeech.time(word.first("endTime", "endOffset", "end_time", "end_offset")),
          speaker: speaker == "0" ? nil : speaker)
      }
      let tag = value.first("channelTag", "channel_tag")?.label
      channel = tag == "0" ? nil : tag
      end = GoogleSpeech.time(value.first("resultEndTime", "resultEndOffset", "result_end_time", "result_end_offset"))
      alternatives = value["alternatives"]?.elements.count ?? 0
    }
  }

  /// `"1.300s"`, or `{"seconds": "1", "nanos": 300000000}`.
  private static func time(_ value: JSONValue?) -> Double? {
    guard case .object = value else { return value?.seconds }
    let whole = value?["seconds"]?.seconds ?? 0
    return whole + (value?["nanos"]?.seconds ?? 0) / 1e9
  }
}
