import Testing

@testable import Transcripts

struct WhisperTests {
  @Test func segmentsCountAndRepeatedWordsDoNot() throws {
    let transcript = try Sample.read("whisperx.json", unjoined)
    #expect(transcript.format == .whisper)
    #expect(transcript.program == "WhisperX")
    #expect(
      transcript.lines == [
        "0.031-2.214 SPEAKER_01: You said you would be home by 7.", "2.4-3.1 SPEAKER_00: I know.",
        "3.5-4.9 SPEAKER_01: I know you do.", "5.2-6.0 SPEAKER_00: Fine.", "6.5-7.0 ?: Fine?",
      ])
    #expect(transcript.leftOut == ["word listed a second time": 2])
  }

  @Test func wordsWithoutASpeakerStayInTheirSegment() throws {
    let row = try Sample.read("whisperx.json").utterances[0]
    #expect(row.speakers == ["SPEAKER_01"])
    #expect(row.speakerSource == .field)
    #expect(row.place.path == "segments[0]")
  }

  @Test func aSpeakerOfTheWordsAloneCounts() throws {
    let rows = try Sample.read("whisperx.json").utterances
    #expect(rows[3].speakerSource == .words)
    #expect(rows[4].speakers.isEmpty)
    #expect(rows[4].speakerSource == nil)
  }

  @Test func aSegmentOfSeveralSpeakersIsCutAndSaid() throws {
    #expect(try Sample.read("whisperx.json").warns("A segment holds words of several speakers and was cut"))
  }

  @Test func whisperCutsInsideSentences() throws {
    let transcript = try Sample.read("whisper.json")
    #expect(transcript.program == "Whisper")
    #expect(
      transcript.lines == ["0.0-4.9 ?: The ferry is late again, so I will miss the train.", "5.3-6.4 ?: What a day."])
    #expect(transcript.utterances.map(\.cues) == [2, 1])
    #expect(try Sample.read("whisper.json", unjoined).utterances.count == 3)
    #expect(transcript.warns("The file names no speakers."))
  }

  @Test func whisperCppCountsMilliseconds() throws {
    let transcript = try read(
      #"{"result": {"language": "en"}, "transcription": [{"offsets": {"from": 120, "to": 2100}, "text": " Good."}]}"#,
      "w.json")
    #expect(transcript.lines == ["0.12-2.1 ?: Good."])
  }

  @Test func oddSegmentsAreLeftOutOrLackTheirTimes() throws {
    let transcript = try read(
      #"{"segments": [17, {"text": "Yes."}, {"start": "soon", "end": null, "text": "No.", "speaker": 3}, {"start": NaN}]}"#,
      "w.json")
    #expect(transcript.lines == ["?-? ?: Yes.", "?-? 3: No.", "?-? ?: "])
    #expect(transcript.leftOut == ["segment that is no object": 1])
  }
}
