import Testing

@testable import Transcripts

struct JointSpeakersTests {
  @Test(arguments: ["Anna & Ben", "Anna &amp; Ben", "Anna / Ben", "Anna/Ben", "Anna; Ben", "Anna + Ben"])
  func separatorsInAVoiceNameSeveralPeople(_ voice: String) throws {
    #expect(try read(captions(["<v \(voice)>Hello!"])).utterances[0].speakers == ["Anna", "Ben"])
  }

  @Test func aCommaJoinsPeopleWhoAlsoSpeakAlone() throws {
    let alone = ["<v Anna>Hello.", "<v Ben>Hello."]
    #expect(try read(captions(alone + ["<v Anna, Ben>Bye!"])).utterances[2].speakers == ["Anna", "Ben"])
    #expect(try read(captions(alone + ["<v Anna and Ben>Bye!"])).utterances[2].speakers == ["Anna", "Ben"])
  }

  @Test func aCommaInANameStays() throws {
    #expect(try read(captions(["<v Schmidt, Anna>Hello!"])).utterances[0].speakers == ["Schmidt, Anna"])
  }

  @Test func columnsStayAsWritten() throws {
    let transcript = try read("speaker,text\nRoss & Joey,Yes!\n", "x.csv")
    #expect(transcript.utterances[0].speakers == ["Ross & Joey"])
  }
}
