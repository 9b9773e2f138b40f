import DialogueDomain
import Foundation
import Testing

@testable import Transcripts

struct LimitTests {
  private func refusal(_ text: String, _ name: String, _ limits: TranscriptLimits = TranscriptLimits()) throws
    -> Explanation
  {
    let error = #expect(throws: TranscriptError.self) { try read(text, name, TranscriptOptions(limits: limits)) }
    return try #require(error).explanation
  }

  @Test func aFileThatIsTooLargeIsRefusedBeforeItIsRead() throws {
    let limits = TranscriptLimits()
    #expect(throws: TranscriptError.tooManyBytes("x.srt", found: 200_000_000, limit: 64 << 20)) {
      try limits.check(bytes: 200_000_000, of: "x.srt")
    }
    let explanation = try refusal(String(repeating: "x", count: limits.bytes + 1), "x.srt")
    #expect(explanation.kind == .data)
    #expect(explanation.found == "67108865 bytes")
  }

  @Test func aCueOfTooManyWordsIsToldWithItsLine() throws {
    let words = Array(repeating: "word", count: 100_000).joined(separator: " ")
    let explanation = try refusal("WEBVTT\n\n00:01.000 --> 00:02.000\n\(words)\n", "x.vtt")
    #expect(explanation.location == "x.vtt: line 3")
    #expect(explanation.found == "100000 words")
  }

  @Test func tooManySpeakersAreRefused() throws {
    let lines = (0..<5_000).map { "Speaker \($0): Present.\n" }.joined()
    let explanation = try refusal(lines, "x.txt")
    #expect(explanation.what == "the transcript has too many speakers")
    #expect(explanation.location == "x.txt: line 1001")
  }

  @Test func tooManyRowsAreRefused() throws {
    var limits = TranscriptLimits()
    limits.utterances = 2
    let explanation = try refusal("A: x\nB: y\nA: z\nB: w\n", "x.txt", limits)
    #expect(explanation.location == "x.txt: line 3")
  }

  @Test func whatIsAtTheLimitsIsRead() throws {
    var limits = TranscriptLimits()
    limits.utterances = 4
    limits.speakers = 2
    limits.wordsPerUtterance = 2
    let transcript = try read("A: x y\nB: y\nA: z\nB: w\n", "x.txt", TranscriptOptions(limits: limits))
    #expect(transcript.utterances.count == 4)
  }

  /// Inputs on which a careless reader takes quadratic time.
  @Test(arguments: [
    ("x.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "<"), ("x.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "<a"),
    ("x.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "&"), ("x.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "{\\"),
    ("x.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", ">>"), ("x.vtt", "WEBVTT\n\n", "--"),
    ("x.vtt", "WEBVTT\n\n", "\n"),
    ("x.srt", "00:00:01,000 --> 00:00:02,000\n", "- a\n"), ("x.txt", "Anna: ", ":"), ("x.txt", "", "[0:"),
    ("x.txt", "", "("),
    ("x.csv", "speaker,text\n", "\""), ("x.csv", "speaker,text\n", "\"a,"), ("x.cha", "@Begin\n*A:\t", "["),
    ("x.eaf", "<?xml version='1.0'?>", "<a/>"), ("x.eaf", "<?xml version='1.0'?><a>", "&amp;"), ("x.json", "", "[\""),
    ("x.json", "[\"", "\\u0041"), ("x.TextGrid", "\"ooTextFile\" \"TextGrid\" ", "\"\""), ("x.txt", "", "Ã©"),
  ])
  func repetitionsAreReadInLinearTime(_ name: String, _ start: String, _ unit: String) {
    let text = start + String(repeating: unit, count: 40_000)
    _ = try? read(text, name)
  }
}
