import Testing

@testable import Transcripts

struct PlainTextTests {
  @Test func namesBeforeWordsAndLinesThatGoOn() throws {
    let transcript = try Sample.read("scene.txt")
    #expect(transcript.format == .plainText)
    #expect(
      transcript.turns == [
        "Anna: Did you hear that?", "Ben: Hear what?", "Anna: There: at the window. it is coming from the garden.",
        "?: (glass breaks)", "Ben: That, I heard.",
      ])
    #expect(transcript.utterances.map(\.isSpeech) == [true, true, true, false, true])
    #expect(transcript.warns("The file holds no times."))
  }

  @Test func headingsWithNameAndTime() throws {
    #expect(
      try Sample.read("otter.txt").lines == [
        "3.0-? Bea Hill: Thanks for coming in. I have to ask: why did you leave? It is a fair question.",
        "11.0-? Sam Ortiz: Because nobody listened.", "62.0-? Bea Hill: And now?",
      ])
  }

  @Test(arguments: [
    ("[00:01:02] Anna: Where is it?", "62.0-? Anna: Where is it?"),
    ("(1:02) Anna: Where is it?", "62.0-? Anna: Where is it?"),
    ("00:01:02.5 Anna: Where is it?", "62.5-? Anna: Where is it?"),
    ("Anna (01:02): Where is it?", "62.0-? Anna: Where is it?"),
    ("Speaker 1 [01:02]: Where is it?", "62.0-? Speaker 1: Where is it?"),
    ("[00:01.000 --> 00:02.500]  Where is it?", "1.0-2.5 ?: Where is it?"),
    ("00:01 - 00:03 Anna: Where is it?", "1.0-3.0 Anna: Where is it?"),
    ("We met at 10:30 at the gate.", "?-? ?: We met at 10:30 at the gate."),
  ])
  func timesBeforeAndBehindNames(_ line: String, _ row: String) throws {
    #expect(try read("\(line)\n", "x.txt").lines == [row])
  }

  @Test func aTextWithoutNamesIsARowALine() throws {
    #expect(
      try read("It rained.\nWe stayed in.\n\nAll day.\n", "x.txt").turns == [
        "?: It rained.", "?: We stayed in.", "?: All day.",
      ])
  }
}
