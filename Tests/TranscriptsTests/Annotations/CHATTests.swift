import Testing

@testable import Transcripts

struct CHATTests {
  @Test func mainLinesAreRowsWithTimesFromBullets() throws {
    let transcript = try Sample.read("kitchen.cha")
    #expect(transcript.format == .chat)
    #expect(
      transcript.lines == [
        "0.3-2.1 MOT: where is your other other other shoe?", "2.3-4.0 CHI: I don't know um where it is.",
        "4.0-4.5 CHI: ",
        "?-? INV: ",
      ])
    #expect(transcript.utterances.map(\.isSpeech) == [true, true, false, false])
    #expect(transcript.leftOut == ["dependent line": 2])
  }

  @Test func participantsMakeTheSpeakerTable() throws {
    #expect(
      try Sample.read("kitchen.cha").speakerTable == [
        SpeakerEntry(id: "MOT", name: "Hanna", role: "Mother"),
        SpeakerEntry(id: "CHI", name: "Emil", role: "Target_Child"), SpeakerEntry(id: "INV", role: "Investigator"),
      ])
  }

  @Test(arguments: [
    ("I [//] we went home .", "I we went home."), ("(be)cause (.) it (1.5) is .", "because it is."),
    ("&=laughs &+fr &-uh yes !", "uh yes!"), ("bunko@c ice_cream no: .", "bunko ice cream no."),
    ("+\" come here +//.", "come here."), ("0is he xxx there ?", "he there?"), ("well , so „ yes .", "well, so, yes."),
    ("and then +...", "and then..."), ("<I want> [?] it [* m:a] .", "I want it."), ("5 o'clock .", "5 o'clock."),
  ])
  func codesBecomeWords(_ line: String, _ words: String) {
    #expect(CHATWords.plain(line) == words)
  }

  @Test func oldBulletsNameTheirRecording() throws {
    let transcript = try read(
      "@Begin\n*A:\tyes . \u{15}%snd:\"call_2\"_300_2100\u{15}\n*B:\tno . •2200_2500•\n@End\n", "x.cha")
    #expect(transcript.lines == ["0.3-2.1 A: yes.", "2.2-2.5 B: no."])
  }

  @Test func aMainLineWithoutAColonIsLeftOut() throws {
    let transcript = try read("@Begin\n*A yes\n*B:\tno .\n@End\n", "x.cha")
    #expect(transcript.turns == ["B: no."])
    #expect(transcript.leftOut == ["main line without a code": 1])
  }
}
