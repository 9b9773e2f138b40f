import Foundation
import Testing

@testable import Transcripts

struct TextGridTests {
  @Test func longFormWithTwoSpeakers() throws {
    let transcript = try Sample.read("long.TextGrid")
    #expect(transcript.format == .textGrid)
    #expect(
      transcript.lines == [#"0.0-1.25 Mara: Who said "never"?"#, "1.1-3.2 Piet: I did.", "3.5-4.5 Mara: Oh, you."])
    #expect(transcript.utterances[1].place == SourcePlace(line: 40, tier: "Piet"))
    #expect(
      transcript.leftOut == [
        "empty interval": 2, "interval of a tier of words or sounds": 1, "mark of a point tier": 1,
      ])
  }

  @Test(arguments: [String.Encoding.utf8, .utf16, .utf16BigEndian, .utf16LittleEndian])
  func shortFormInEveryEncoding(_ encoding: String.Encoding) throws {
    let text = try #require(String(data: Sample.data("short.TextGrid"), encoding: .utf8))
    let data = try #require(text.data(using: encoding))
    let transcript = try TranscriptReader.read(data, name: "short.TextGrid")
    #expect(transcript.lines == ["0.0-1.5 Zoë: Ça va?"])
    #expect(transcript.encoding.name.rawValue.hasPrefix(encoding == .utf8 ? "UTF-8" : "UTF-16"))
  }

  private func grid(_ tiers: String...) -> String {
    "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n9\n<exists>\n\(tiers.count)\n"
      + tiers.joined(separator: "\n")
  }

  @Test func aGridOfWordsIsJoinedToUtterances() throws {
    let transcript = try read(
      grid(
        #""IntervalTier" "Ann - words" 0 9 5  0 1 "come"  1 1.5 "here"  1.5 4 ""  4 5 "please."  5 6 "now""#,
        #""IntervalTier" "Ann - phones" 0 9 1  0 1 "k""#), "x.TextGrid")
    #expect(transcript.lines == ["0.0-1.5 Ann: come here", "4.0-5.0 Ann: please.", "5.0-6.0 Ann: now"])
  }

  @Test func pointsAloneAreRowsWithAStart() throws {
    let transcript = try read(grid(#""TextTier" "Ann" 0 9 1  2.5 "Yes." ! a comment"#), "x.TextGrid")
    #expect(transcript.lines == ["2.5-? Ann: Yes."])
  }

  @Test func aTierCalledTextIsNobodys() throws {
    #expect(try read(grid(#""IntervalTier" "text" 0 9 1  0 1 "Yes.""#), "x.TextGrid").turns == ["?: Yes."])
  }

  @Test func damageIsToldWithItsLine() {
    let error = #expect(throws: TranscriptError.self) {
      try read(grid("\"IntervalTier\" \"Ann\" 0 9 2\n0 1 \"Yes.\"\n1 \"No.\""), "x.TextGrid")
    }
    #expect(error?.explanation.location == "x.TextGrid: line 10")
    #expect(error?.explanation.expected == "a time")
  }

  @Test func sizesThatCannotBeAreRefused() {
    #expect(throws: TranscriptError.self) { try read(grid(#""IntervalTier" "Ann" 0 9 1e18"#), "x.TextGrid") }
  }
}
