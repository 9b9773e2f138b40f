import Testing

@testable import Transcripts

struct TranscriptTableTests {
  @Test func meldsTableIsReadAsItIs() throws {
    let transcript = try Sample.read("dialogues.csv")
    #expect(transcript.format == .commaTable)
    #expect(transcript.program == "MELD")
    #expect(
      transcript.lines == [
        "1257.256-1260.049 Milo: I can't find the tickets, Dora.", "1261.927-1263.261 Dora: They were in your coat!",
        #"1263.3-1262.9 Milo: She said "never again"."#, "191.0-192.5 Dora: So whose dog is this?",
        "192.6-193.0 Both: Everybodys",
      ])
    #expect(transcript.utterances.map(\.dialogue) == ["0", "0", "0", "1", "1"])
    #expect(transcript.utterances.map(\.place.id) == ["0", "1", "2", "0", "1"])
    #expect(transcript.utterances.map(\.emotion) == ["fear", "surprise", "sadness", "neutral", "joy"])
  }

  @Test func usualNamesWithTabs() throws {
    let transcript = try Sample.read("lamp.tsv")
    #expect(transcript.format == .tabTable)
    #expect(
      transcript.lines == ["0.5-2.25 Nadia: The lamp fell over.", "2.5-3.0 ?: On its own?", "?-? Nadia: On its own."])
    #expect(transcript.warns("A time cannot be read and is left absent (line 4)"))
  }

  @Test func semicolonsAndDecimalCommas() throws {
    let transcript = try read("Sprecher;Speaker;Start;Ende;End;Text\n1;Uwe;1,5;x;2,25;Na ja, also.\n", "x.csv")
    #expect(transcript.lines == ["1.5-2.25 Uwe: Na ja, also."])
  }

  @Test func besideAColumnOfTextUtteranceIsAnId() throws {
    let transcript = try read("utterance,speaker,text\nu1,A,Yes\nu2,B,No\n", "x.csv")
    #expect(transcript.lines == ["?-? A: Yes", "?-? B: No"] && transcript.utterances.map(\.place.id) == ["u1", "u2"])
    let words = try read("utterance,speaker\nYes,A\n", "x.csv")
    #expect(words.lines == ["?-? A: Yes"] && words.utterances[0].place.id == nil)
  }

  @Test func millisecondsWhereTheNameSaysSo() throws {
    #expect(
      try read("speaker,start_ms,end_ms,text\nA,500,1250,Yes\n", "x.csv").lines == ["0.5-1.25 A: Yes"])
    let whisper = try read("start\tend\ttext\n0\t2500\tHello there.\n2500\t4000\t\"Hello,\" he said.\n", "x.tsv")
    #expect(whisper.program == "Whisper")
    #expect(whisper.lines == ["0.0-2.5 ?: Hello there.", #"2.5-4.0 ?: "Hello," he said."#])
  }

  @Test func datesCountFromTheFirstDaysMidnight() throws {
    let transcript = try read(
      "time,speaker,text\n2026-02-28T23:59:58Z,A,Late.\n2026-03-01 00:00:01.5,B,Early.\n", "x.csv")
    #expect(transcript.utterances.map(\.start) == [86_398, 86_401.5])
    #expect(transcript.warns("Times carry dates"))
  }

  @Test func durationsMakeEnds() throws {
    #expect(try read("speaker,start,duration,text\nA,1.5,2,Yes\n", "x.csv").lines == ["1.5-3.5 A: Yes"])
  }

  @Test func oneOddRowNeverCostsTheTable() throws {
    let transcript = try read(
      """
      speaker,start,end,text
      A,0,1,"an open quotation mark
      B,1,2,well, you know
      C,2

      D,3,4,"two
      lines"
      nan,4,5,who
      """, "x.csv")
    #expect(
      transcript.turns == ["A: \"an open quotation mark", "B: well, you know", "D: two lines", "?: who"])
    #expect(transcript.leftOut == ["row without a field for the words": 1])
    #expect(transcript.warns("A row has too many fields"))
    #expect(transcript.utterances.map(\.place.line) == [2, 3, 6, 8])
  }

  @Test func namesBeforeTheWordsCountWithoutAColumn() throws {
    let transcript = try read("start,end,text\n0.0,1.0,Anna: Yes.\n1.0,2.0,Ben: No.\n", "x.csv")
    #expect(transcript.turns == ["Anna: Yes.", "Ben: No."])
  }

  @Test func audacityLabelsHaveNoHeader() throws {
    let transcript = try read("0.500000\t1.250000\tHello.\n2.000000\t2.500000\tHi.\n", "labels.txt")
    #expect(transcript.program == "Audacity")
    #expect(transcript.lines == ["0.5-1.25 ?: Hello.", "2.0-2.5 ?: Hi."])
  }

  @Test func rowsAreNeverJoined() throws {
    #expect(try read("speaker,text\nA,I went\nA,home.\n", "x.csv").utterances.count == 2)
  }

  @Test func aTableWithoutWordsNamesItsColumns() {
    #expect(throws: TranscriptError.noTextColumn("x.csv", columns: ["a", "b"], line: 1)) {
      try read("a,b\n1,2\n", "x.csv")
    }
  }
}
