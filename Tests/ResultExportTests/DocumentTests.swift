import Foundation
import Testing
import Transcripts

@testable import ResultExport

/// Documents read back by our own readers of transcripts.
struct DocumentTests {
  private func read(_ format: ExportFormat, _ name: String) throws -> Transcript {
    let sample = try SampleExport()
    try sample.record("call.h5", [("call", SampleExport.quarrel)])
    let text = try sample.text(format)
    return try TranscriptReader.read(Data(text.utf8), name: name, options: TranscriptOptions(joinsSentences: false))
  }

  private func times(_ transcript: Transcript) -> [[Double?]] { transcript.utterances.map { [$0.start, $0.end] } }

  private let expectedTimes: [[Double?]] = [[0, 4], [2.5, 6], [6, 7.25], [9, 9.001]]

  @Test func aTextGridComesBackWithTiersOfSpeakers() throws {
    let transcript = try read(.textgrid, "call.TextGrid")
    #expect(transcript.format == .textGrid && times(transcript) == expectedTimes)
    #expect(transcript.utterances.map(\.speakers) == [["Anna"], ["Anna (2)"], ["Ben <B>"], ["Jörg"]])
    #expect(
      transcript.utterances.map(\.text) == [
        "Where is \"my\" parcel?", "=1+1 is two", "5 < 6 & {\\b} --> <i>so</i> it is", "[utterance call#3]",
      ])
    #expect(transcript.utterances.map(\.isSpeech) == [true, true, true, false])
  }

  @Test func aTextGridHasNoGapAndNoOverlapInAnyTier() throws {
    let sample = try SampleExport()
    try sample.record("call.h5", [("call", SampleExport.quarrel)])
    let lines = try sample.text(.textgrid).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    func number(_ line: String) -> Double? { line.split(separator: "=").last.flatMap { Double($0.dropFirst()) } }
    let tiers = lines.count { $0.hasPrefix("intervals: size") }
    var reached = 0.0
    let starts = zip(lines, lines.dropFirst()).filter { $0.0.hasPrefix("intervals [") }.compactMap { number($0.1) }
    let ends = zip(lines, lines.dropFirst(2)).filter { $0.0.hasPrefix("intervals [") }.compactMap { number($0.1) }
    for (start, end) in zip(starts, ends) {
      if start == 0 { reached = 0 }
      #expect(start == reached && end > start)
      reached = end
    }
    #expect(tiers == 13 && reached == 9.001)
    #expect(lines.contains("text = \"no label: it lacks every modality that the model reads\""))
  }

  @Test func anELANFileComesBackWithItsSpeakers() throws {
    let transcript = try read(.elan, "call.eaf")
    #expect(transcript.format == .elan && times(transcript) == expectedTimes && transcript.warnings.count == 1)
    #expect(transcript.utterances.map(\.speakers) == [["Anna"], ["Anna"], ["Ben <B>"], ["Jörg"]])
    #expect(transcript.utterances[2].text == "5 < 6 & {\\b} --> <i>so</i> it is")
    #expect(transcript.leftOut == ["annotation of a dependent tier": 8])
  }

  @Test func noTwoTiersHaveOneName() throws {
    let sample = try SampleExport()
    let turns = ["Anna", "Anna - emotion", "Anna (2)", "Anna"].enumerated().map { number, speaker in
      Said(speaker: speaker, start: 0, end: 4, text: "\(number)")
    }
    try sample.record("call.h5", [("call", turns)])
    let titles = try sample.text(.elan).matches(of: /TIER_ID="(.+?)"/).map { String($0.1) }
    #expect(titles.count == 12 && Set(titles).count == 12 && titles.first == "Anna")
  }

  @Test func anELANFileHasAnEntryOfItsVocabularyForEveryLabel() throws {
    let sample = try SampleExport()
    try sample.record("call.h5", [("call", SampleExport.quarrel)])
    let text = try sample.text(.elan)
    #expect(text.contains("<CVE_VALUE DESCRIPTION=\"no label\" LANG_REF=\"und\">unknown</CVE_VALUE>"))
    #expect(text.matches(of: /CVE_REF="cve([0-9])"/).map(\.1) == ["3", "2", "1", "4"])
  }

  /// Our reader takes `{\b}` for the markup of other subtitles in WebVTT, too, where it is text.
  @Test func webVTTComesBackWithVoices() throws {
    let transcript = try read(.webvtt, "call.vtt")
    #expect(transcript.format == .webVTT && times(transcript) == expectedTimes)
    #expect(transcript.utterances.map(\.speakers) == [["Anna"], ["Anna"], ["Ben <B>"], ["Jörg"]])
    #expect(
      transcript.utterances.map(\.text) == [
        "[anger] Where is \"my\" parcel?", "[joy?] =1+1 is two", "[neutral] 5 < 6 & --> <i>so</i> it is",
        "[unknown] [utterance call#3]",
      ])
    #expect(transcript.leftOut["note"] == 5)
  }

  @Test func subRipComesBackWithNames() throws {
    let transcript = try read(.srt, "call.srt")
    #expect(transcript.format == .subRip && times(transcript) == expectedTimes)
    #expect(transcript.utterances.first?.speakers == ["Anna"])
    #expect(transcript.utterances.map(\.text).contains { $0.contains("→ < i>so< /i> it is") })
  }

  @Test func aTableComesBackWithWordsEmotionsAndIds() throws {
    let transcript = try read(.csv, "call.csv")
    #expect(transcript.format == .commaTable && times(transcript) == [[0, 4], [2.5, 6], [6, 7.25], [9, 9]])
    #expect(transcript.utterances.map(\.emotion) == ["anger", "joy", "neutral", "unknown"])
    #expect(transcript.utterances.map(\.place.id) == ["call#0", "call#1", "call#2", "call#3"])
    #expect(transcript.utterances.map(\.dialogue) == ["call", "call", "call", "call"])
    #expect(transcript.utterances[0].text == "Where is \"my\" parcel?")
  }

  @Test func emotionMLHasAVocabularyAndAConfidenceForEachClass() throws {
    let sample = try SampleExport()
    try sample.record("call.h5", [("the call", SampleExport.quarrel)])
    let text = try sample.text(.emotionml)
    #expect(
      text.contains("category-set=\"#emotions\"") && text.contains("<vocabulary type=\"category\" id=\"emotions\">"))
    #expect(text.matches(of: /<item name="(.+?)"/).map(\.1) == ["neutral", "joy", "anger", "unknown"])
    #expect(
      text.contains(
        "<category name=\"anger\" confidence=\"0.75\"/>\n    <category name=\"neutral\" confidence=\"0.125\"/>"))
    #expect(text.contains("uri=\"the%20call#t=2.5,6\""))
    #expect(text.contains("reason=\"it lacks every modality that the model reads\"/>"))
    #expect(text.contains("5 &lt; 6 &amp; {\\b} --&gt; &lt;i&gt;so&lt;/i&gt; it is"))
  }

  @Test func namesOfEmotionsBecomeNamesOfXMLAndOfClasses() {
    #expect(EmotionMLDocument.token("mildly happy/sad") == "mildly-happy-sad")
    #expect(WebVTTDocument.className("mildly happy.sad") == "mildly-happy-sad")
    #expect(XMLText.escaped("a\u{0}b\n\"<>&") == "a\u{FFFD}b&#10;&quot;&lt;&gt;&amp;")
  }
}
