import Testing

@testable import Transcripts

struct RollingCaptionsTests {
  @Test func scrollingCaptionsKeepEachWordOnce() throws {
    let transcript = try Sample.read("rolling.vtt")
    #expect(transcript.program == "YouTube")
    #expect(
      transcript.lines == [
        "0.16-2.389 ?: we planted the apple", "2.399-4.55 ?: trees behind the barn",
        "4.56-6.9 ?: and the goats ate them",
      ])
    #expect(transcript.leftOut == ["cue that only repeats the one before": 2])
    #expect(transcript.warns("The captions roll"))
  }

  @Test func growingCaptionsKeepEachWordOnce() throws {
    let transcript = try read(
      captions(["Anna: I want", "Anna: I want my", "Anna: I want my money", "Ben: I want", "Ben: I want peace"]),
      "x.vtt",
      unjoined)
    #expect(transcript.turns == ["Anna: I want", "Anna: my", "Anna: money", "Ben: I want", "Ben: peace"])
  }

  @Test func peopleMaySayThingsTwice() throws {
    let said = [
      "No.", "No.", "No, thank you.", "Thank you.", "Thank you.", "You are welcome.", "Come in.", "Sit down.",
    ]
    #expect(try read(captions(said)).utterances.map(\.text) == said)
  }

  @Test func somebodyElseMayRepeatIt() throws {
    let said = ["Anna: Come home now.", "Ben: Come home now.", "Anna: Come home now.", "Ben: Come home now."]
    #expect(try read(captions(said)).turns == said)
  }
}
