import Testing

@testable import Transcripts

struct SubRipTests {
  @Test func aFilmWithDashesTagsAndCapitals() throws {
    let transcript = try Sample.read("film.srt")
    #expect(transcript.format == .subRip)
    #expect(
      transcript.lines == [
        "62.5-65.0 ?: Where did you leave the boat?", "62.5-65.0 ?: At the old pier.",
        "65.8-68.1 ?: I went down there and it was gone.", "68.15-69.0 ?: [thunder]",
        "70.0-73.9 WOMAN: Then somebody has taken it out on the lake.", "75.0-76.0 ?: ",
        "78.0-77.5 ?: In this weather?",
      ])
    #expect(transcript.utterances.map(\.isSpeech) == [true, true, true, false, true, false, true])
    #expect(transcript.utterances[4].cues == 2)
  }

  @Test func whisperXNamesSpeakersInBrackets() throws {
    let transcript = try read(
      "1\n00:00:00,000 --> 00:00:01,000\n[SPEAKER_00]: Is it on?\n\n2\n00:00:01,000 --> 00:00:02,000\n[SPEAKER_01]: It is.\n",
      "call.srt")
    #expect(transcript.turns == ["SPEAKER_00: Is it on?", "SPEAKER_01: It is."])
  }

  @Test func numbersMayBeMissingAndPointsStandForCommas() throws {
    let transcript = try read("00:00:00.000 --> 00:00:01.500\nOne.\n \n00:00:02,000 --> 00:00:03,000\nTwo.\n", "x.srt")
    #expect(transcript.lines == ["0.0-1.5 ?: One.", "2.0-3.0 ?: Two."])
  }

  @Test func emptyLinesBetweenAllLinesAreSeenThrough() throws {
    let text =
      "1\r\r\n00:00:00,000 --> 00:00:01,000\r\r\nOne.\r\r\n\r\r\n2\r\r\n00:00:02,000 --> 00:00:03,000\r\r\nTwo.\r\r\n"
    #expect(try read(text, "x.srt").lines == ["0.0-1.0 ?: One.", "2.0-3.0 ?: Two."])
  }

  @Test func chevronsChangeTheSpeaker() throws {
    let transcript = try read(
      "1\n00:00:00,000 --> 00:00:02,000\n>> ANCHOR: Good evening. >> Is it?\n", "news.srt")
    #expect(transcript.turns == ["ANCHOR: Good evening.", "?: Is it?"])
  }

  @Test func dashesThatBeginNoTurnStay() throws {
    let transcript = try read(
      "1\n00:00:00,000 --> 00:00:02,000\n-5 degrees\n--and falling.\n\n2\n00:00:03,000 --> 00:00:04,000\n- Cold.\n",
      "x.srt")
    #expect(transcript.turns == ["?: -5 degrees --and falling.", "?: Cold."])
  }

  @Test func aSecondDashAloneBeginsATurn() throws {
    let transcript = try read("1\n00:00:00,000 --> 00:00:02,000\nWhere is he?\n– Gone.\n", "x.srt")
    #expect(transcript.turns == ["?: Where is he?", "?: Gone."])
  }

  @Test func namesBehindDashesAreFound() throws {
    let transcript = try read("1\n00:00:00,000 --> 00:00:02,000\n- Anna: Where is he?\n- Ben: Gone.\n", "x.srt")
    #expect(transcript.turns == ["Anna: Where is he?", "Ben: Gone."])
  }

  @Test func cuesThatAreThereTwiceCountOnce() throws {
    let cue = "00:00:00,000 --> 00:00:02,000\nWhere is he?\n\n"
    let transcript = try read("1\n\(cue)2\n\(cue)3\n00:00:02,000 --> 00:00:03,000\nWhere is he?\n", "x.srt")
    #expect(transcript.utterances.count == 2)
    #expect(transcript.leftOut == ["cue that is there twice": 1])
  }
}
