import Testing

@testable import Transcripts

struct RecogniserTests {
  @Test func deepgramUtterancesCountAndNothingElse() throws {
    let transcript = try Sample.read("deepgram.json")
    #expect(transcript.format == .deepgram)
    #expect(
      transcript.lines == [
        "0.4-2.1 0: Is this the parcel desk?", "2.5-3.0 1: It is.", "3.6-5.2 0: I am still waiting.",
      ])
    #expect(transcript.utterances[1].place == SourcePlace(id: "u2", path: "results.utterances[1]"))
  }

  @Test func deepgramWordsMakeRowsWhereThereAreNoUtterances() throws {
    let transcript = try read(
      """
      {"results": {"channels": [{"alternatives": [{"transcript": "hello there. yes.", "words": [
        {"word": "hello", "start": 0.1, "end": 0.4, "speaker": 0, "punctuated_word": "Hello"},
        {"word": "there", "start": 0.5, "end": 0.8, "speaker": 0, "punctuated_word": "there."},
        {"word": "yes", "start": 1.0, "end": 1.2, "speaker": 1, "punctuated_word": "Yes"},
        {"word": "well", "start": 3.0, "end": 3.2, "speaker": 1, "punctuated_word": "well"}]}]}]}}
      """, "d.json")
    #expect(transcript.lines == ["0.1-0.8 0: Hello there.", "1.0-1.2 1: Yes", "3.0-3.2 1: well"])
  }

  @Test func deepgramChannelsAreSpeakers() throws {
    let transcript = try read(
      """
      {"results": {"channels": [
        {"alternatives": [{"transcript": "Good day.", "words": [{"word": "good", "start": 2, "end": 2.5},
                                                                {"word": "day.", "start": 2.6, "end": 3}]}]},
        {"alternatives": [{"transcript": "Hello?", "words": [{"word": "hello?", "start": 0.5, "end": 1}]},
                          {"transcript": "Yellow?"}]}]}}
      """, "d.json")
    #expect(transcript.lines == ["0.5-1.0 channel 1: hello?", "2.0-3.0 channel 0: good day."])
    #expect(transcript.utterances.allSatisfy { $0.speakerSource == .channel })
    #expect(transcript.leftOut == ["further alternative": 1])
  }

  @Test func deepgramChannelsKeepTheirSpeakersApart() throws {
    let transcript = try read(
      """
      {"results": {"utterances": [
        {"start": 0, "end": 1, "channel": 0, "speaker": 0, "transcript": "Hello."},
        {"start": 1, "end": 2, "channel": 1, "speaker": 0, "transcript": "Hi."}]}}
      """, "d.json")
    #expect(transcript.turns == ["channel 0 speaker 0: Hello.", "channel 1 speaker 0: Hi."])
  }

  @Test func assemblyAICountsMilliseconds() throws {
    let transcript = try Sample.read("assemblyai.json")
    #expect(transcript.format == .assemblyAI)
    #expect(transcript.lines == ["0.25-1.65 A: Did you feed the cat?", "2.01-2.48 B: Twice."])
  }

  @Test func assemblyAIWithoutSpeakersMakesRowsOfWords() throws {
    let transcript = try read(
      """
      {"id": "x", "status": "completed", "text": "No. Never.", "utterances": null, "words": [
        {"text": "No.", "start": 0, "end": 400, "speaker": null}, {"text": "Never.", "start": 500, "end": 900}]}
      """, "a.json")
    #expect(transcript.lines == ["0.0-0.4 ?: No.", "0.5-0.9 ?: Never."])
  }

  @Test func aFailedTranscriptionSaysWhy() {
    let text = #"{"id": "x", "status": "error", "error": "Download error: 404", "text": null}"#
    #expect(
      throws: TranscriptError.failedTranscription("a.json", program: "AssemblyAI", message: "Download error: 404")
    ) {
      try read(text, "a.json")
    }
  }

  @Test func amazonJoinsMarksToWordsAndFindsSpeakersByTime() throws {
    let transcript = try Sample.read("aws.json")
    #expect(transcript.format == .amazonTranscribe)
    #expect(transcript.lines == ["0.51-1.3 spk_0: Good morning.", "1.62-2.4 spk_1: Is it, though?"])
  }

  @Test func amazonSegmentsAndChannelsAndCalls() throws {
    let segments = try read(
      """
      {"results": {"transcripts": [{"transcript": "Hi. Yes?"}], "items": [], "audio_segments": [
        {"id": 0, "transcript": "Hi.", "start_time": "0.1", "end_time": "0.5", "speaker_label": "spk_0", "items": []},
        {"id": 1, "transcript": "Yes?", "start_time": "0.9", "end_time": "1.5", "speaker_label": "spk_1", "items": []}]}}
      """, "a.json")
    #expect(segments.lines == ["0.1-0.5 spk_0: Hi.", "0.9-1.5 spk_1: Yes?"])
    let word = { (start: Double, text: String) in
      #"{"start_time": "\#(start)", "end_time": "\#(start + 0.5)", "type": "pronunciation", "alternatives": [{"content": "\#(text)"}]}"#
    }
    let channels = try read(
      """
      {"results": {"transcripts": [], "channel_labels": {"channels": [
        {"channel_label": "ch_0", "items": [\(word(2, "Fine"))]}, {"channel_label": "ch_1", "items": [\(word(1, "Well"))]}]}}}
      """, "a.json")
    #expect(channels.lines == ["1.0-1.5 ch_1: Well", "2.0-2.5 ch_0: Fine"])
    let call = try read(
      """
      {"Transcript": [{"ParticipantRole": "AGENT", "BeginOffsetMillis": 300, "EndOffsetMillis": 2100, "Content": "Hello."}]}
      """, "a.json")
    #expect(call.lines == ["0.3-2.1 AGENT: Hello."])
  }

  @Test func googlesLastResultRepeatsAllOthersWithSpeakers() throws {
    let transcript = try Sample.read("google.json")
    #expect(transcript.format == .googleSpeech)
    #expect(transcript.lines == ["0.2-1.0 1: shall we go", "1.9-2.5 2: not yet"])
    #expect(transcript.leftOut == ["result that the last one repeats with speakers": 2])
  }

  @Test func googleResultsAreRowsWithoutSpeakers() throws {
    let transcript = try read(
      """
      {"response": {"results": [
        {"alternatives": [{"transcript": " so it is "}], "resultEndTime": "2.5s", "channelTag": 1},
        {"alternatives": [{"transcript": "is it", "words": [{"word": "is", "start_time": {"seconds": "1", "nanos": 500000000},
          "end_time": {"seconds": 2}}, {"word": "it"}]}], "channelTag": 2}]}}
      """, "g.json")
    #expect(
      transcript.lines == ["?-2.5 channel 1: so it is", "1.5-? channel 2: is it"].sorted()
        || transcript.lines.count == 2)
    #expect(Set(transcript.lines) == ["?-2.5 channel 1: so it is", "1.5-? channel 2: is it"])
  }

  @Test func anUnknownProgramIsToldWithItsKeys() throws {
    let error = #expect(throws: TranscriptError.self) {
      try read(#"{"monologues": [], "media": 1, "version": "2"}"#, "r.json")
    }
    let explanation = try #require(error).explanation
    #expect(explanation.found == "an object with the keys `monologues`, `media`, `version`")
    #expect(explanation.expected?.contains("WhisperX") == true)
    #expect(explanation.expected?.contains("Google Speech") == true)
  }
}
