import Testing

@testable import Transcripts

struct SentenceJoiningTests {
  @Test func aSentenceOfOneSpeakerIsOneRow() throws {
    let transcript = try read(captions(["<v Ida>I went to", "<v Ida>Paris yesterday.", "<v Ida>It rained."]))
    #expect(transcript.lines == ["0.0-2.0 Ida: I went to Paris yesterday.", "2.0-3.0 Ida: It rained."])
    #expect(transcript.utterances.map(\.cues) == [2, 1])
  }

  @Test func joiningCanBeSwitchedOff() throws {
    let text = captions(["<v Ida>I went to", "<v Ida>Paris yesterday."])
    #expect(try read(text, "x.vtt", unjoined).utterances.map(\.text) == ["I went to", "Paris yesterday."])
  }

  @Test func anotherSpeakerIsAnotherRow() throws {
    let transcript = try read(captions(["<v Ida>I went to", "<v Per>paris?", "<v Ida>Yes."]))
    #expect(transcript.turns == ["Ida: I went to", "Per: paris?", "Ida: Yes."])
  }

  @Test func unnamedCuesAreJoinedOnlyInsideASentence() throws {
    let transcript = try read(captions(["I went to", "the lake", "Who did?", "He said no."]))
    #expect(transcript.utterances.map(\.text) == ["I went to the lake", "Who did?", "He said no."])
  }

  @Test func aPauseParts() throws {
    let transcript = try read(
      "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Ida>I went\n\n00:02.600 --> 00:04.000\n<v Ida>home.\n")
    #expect(transcript.turns == ["Ida: I went", "Ida: home."])
  }

  @Test func soundsAreNotJoined() throws {
    let transcript = try read(captions(["<v Ida>I went", "[door]", "<v Ida>home."]))
    #expect(transcript.utterances.count == 3)
  }

  @Test func twoPeopleInOneCueAreNotJoined() throws {
    let transcript = try read(captions(["- where are\n- over there.", "- who\n- nobody."]))
    #expect(transcript.utterances.map(\.text) == ["where are", "over there.", "who", "nobody."])
  }

  @Test func withoutPunctuationNothingIsJoined() throws {
    let words = (0..<12).map { "<v Ida>word \($0)" }
    #expect(try read(captions(words)).utterances.count == 12)
  }

  @Test func joinedRowsStayShort() throws {
    let cues = (0..<40).map { "<v Ida>one two three four \($0)" } + (0..<5).map { _ in "<v Ida>Yes." }
    let longest = try read(captions(cues)).utterances.map { wordCount($0.text) }.max()
    #expect(longest == SentenceJoining.mostWords)
  }

  @Test(arguments: [
    ("He left.", true), ("Did he?", true), ("“He did!”", true), ("He left…", true), ("(he left.)", true),
    ("He left", false), ("He left,", false), ("I met Dr.", false), ("J.", false), ("Oh no.", true), ("It was I.", true),
    ("行きます。", true),
  ])
  func sentenceEnds(_ text: String, _ ends: Bool) {
    #expect(SentenceEnd.closes(text) == ends)
  }
}
