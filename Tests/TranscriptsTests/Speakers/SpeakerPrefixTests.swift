import Testing

@testable import Transcripts

struct SpeakerPrefixTests {
  @Test(arguments: [
    "Anna", "Anna Schmidt", "Dr. Maria van der Berg", "J. R. Ewing", "SPEAKER_00", "Speaker 1", "WOMAN 2", "Мария",
    "山田", "Anna (Support)", "O'Neill", "Jean-Luc", "Señor Ruiz", "Mr. & Mrs. Hill",
  ])
  func namesLookLikeNames(_ name: String) throws {
    let prefix = try #require(SpeakerPrefix(opening: "\(name): Come in."))
    #expect(prefix.name == name)
    #expect(prefix.rest == "Come in.")
    #expect(!prefix.isWeak)
  }

  @Test(arguments: [
    "At 10:30 we left.", "See https://example.org for more.", "I told you: no.", "What he wanted to say is this: go.",
    "Really? Anna: no.", "He said, and I quote, loudly: go.", "No colon at all", ": nothing", "",
    "What a long and winding Sentence This Is: yes.",
  ])
  func speechIsNoName(_ line: String) {
    #expect(SpeakerPrefix(opening: line[...]) == nil)
  }

  @Test(arguments: ["Note", "Remember", "Question", "anna", "the thing", "Schmidt, Anna", "12"])
  func someAreNamesOnlyWhenTheyRecur(_ name: String) throws {
    #expect(try #require(SpeakerPrefix(opening: "\(name): Come in.")).isWeak)
  }

  @Test func bracketsAndStarsGo() throws {
    #expect(SpeakerPrefix(opening: "[Anna]: Yes.")?.name == "Anna")
    #expect(SpeakerPrefix(opening: "**Anna:** Yes.")?.name == "Anna")
    #expect(SpeakerPrefix(opening: "**Anna:** Yes.")?.rest == "Yes.")
    #expect(SpeakerPrefix(opening: "**Anna**: Yes.")?.name == "Anna")
    #expect(SpeakerPrefix(opening: "Anna\u{A0}: Oui.")?.name == "Anna")
    #expect(SpeakerPrefix(opening: "山田：はい")?.rest == "はい")
  }

  @Test func aColonInSpeechIsNoSpeaker() throws {
    let transcript = try read(
      captions([
        "Anna: Listen to me.", "Ben: Here is the thing: I can't.", "Remember: the door stays shut.", "Anna: Fine.",
        "Ben: Then: good night.",
      ]))
    #expect(
      transcript.turns == [
        "Anna: Listen to me.", "Ben: Here is the thing: I can't.", "?: Remember: the door stays shut.", "Anna: Fine.",
        "Ben: Then: good night.",
      ])
  }

  @Test func aFileWithoutNamesKeepsItsColons() throws {
    let said = ["We had one rule.", "Rule one: no shoes.", "Truth: we broke it.", "All of us did.", "Every day."]
    #expect(try read(captions(said)).turns == said.map { "?: \($0)" })
  }

  @Test func capitalsAreANameUnlessEverythingIs() throws {
    let said = ["I heard it.", "WOMAN: Who is there?", "Nobody spoke.", "It was dark.", "Room 12: it was empty."]
    #expect(
      try read(captions(said)).turns == [
        "?: I heard it.", "WOMAN: Who is there?", "?: Nobody spoke.", "?: It was dark.", "?: Room 12: it was empty.",
      ])
    let shouted = ["I HEARD IT.", "THE TRUTH: IT WAS ME.", "NOBODY SPOKE.", "IT WAS DARK."]
    #expect(try read(captions(shouted)).turns == shouted.map { "?: \($0)" })
  }

  @Test func questionsAndAnswersMayBeSpeakers() throws {
    let said = ["Q: Where were you?", "A: At home.", "Q: Alone?", "A: Yes."]
    #expect(try read(captions(said)).turns == said)
  }

  @Test func lowerCaseNamesCountWhenTheyRecur() throws {
    let said = ["anna: hi", "ben: hi", "anna: you there?", "ben: yes"]
    #expect(try read(said.joined(separator: "\n"), "chat.txt").turns == said)
  }

  @Test func severalPrefixesInACueAreSeveralTurns() throws {
    let transcript = try read(captions(["Anna: Where is it?\nBen: There.", "Anna: Where?"]))
    #expect(transcript.turns == ["Anna: Where is it?", "Ben: There.", "Anna: Where?"])
    #expect(transcript.lines[1].hasPrefix("0.0-1.0"))
  }
}
