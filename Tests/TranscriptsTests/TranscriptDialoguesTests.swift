import DialogueDomain
import Testing

@testable import Transcripts

struct TranscriptDialoguesTests {
  @Test func severalDialoguesInOneTable() throws {
    let converted = TranscriptDialogues(try Sample.read("dialogues.csv"))
    #expect(converted.dialogues == [Dialogue(id: "0", rows: 0..<3), Dialogue(id: "1", rows: 3..<5)])
    #expect(converted.emotions?.names == ["neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"])
    #expect(converted.utterances.map(\.label) == [2, 1, 3, 0, 4])
    #expect(
      converted.utterances[1]
        == Utterance(
          id: "1", speaker: "Dora", start: 1261.927, end: 1263.261, label: 1, text: "They were in your coat!"))
    #expect(converted.utterances[0].text == "I can't find the tickets, Dora.")
  }

  @Test func oneDialogueIsCalledLikeItsFile() throws {
    let converted = TranscriptDialogues(try Sample.read("film.srt"))
    #expect(converted.dialogues == [Dialogue(id: "film", rows: 0..<7)])
    #expect(converted.utterances[0].id == "film#0")
    #expect(converted.emotions == nil)
  }

  @Test func ownIdentifiersAreKeptWhereTheyDiffer() throws {
    #expect(TranscriptDialogues(try Sample.read("deepgram.json")).utterances.map(\.id) == ["u1", "u2", "u3"])
  }

  @Test func rowsWithoutSpeechOrNameOrTimeStay() throws {
    let converted = TranscriptDialogues(try Sample.read("film.srt"))
    #expect(converted.utterances[3].text == nil)
    #expect(converted.utterances[3].speaker == "unknown")
    #expect(converted.utterances[6].start == nil && converted.utterances[6].end == nil)
  }

  @Test func labelsOfAModelAreFixed() throws {
    let emotions = EmotionSet(["joy", "fear"])
    let converted = TranscriptDialogues(try Sample.read("dialogues.csv"), emotions: emotions)
    #expect(converted.utterances.map(\.label) == [1, nil, nil, nil, 0])
  }

  @Test func otherClassesAreInTheOrderOfTheirNames() throws {
    let transcript = try read("speaker,text,emotion\nA,x,proud\nB,y,calm\n", "x.csv")
    #expect(TranscriptDialogues(transcript).emotions?.names == ["calm", "proud"])
  }

  @Test func rowsOfOneDialogueAreBroughtTogether() throws {
    let transcript = try read("dialogue_id,speaker,text\nd1,A,x\nd2,B,y\nd1,C,z\n", "x.csv")
    let converted = TranscriptDialogues(transcript)
    #expect(converted.dialogues == [Dialogue(id: "d1", rows: 0..<2), Dialogue(id: "d2", rows: 2..<3)])
    #expect(converted.utterances.map(\.speaker) == ["A", "C", "B"])
  }
}
