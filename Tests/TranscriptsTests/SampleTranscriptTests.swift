import Foundation
import Testing

@testable import Transcripts

/// The transcripts that come with the project are sound, and what their description says.
struct SampleTranscriptTests {
  private func sample(_ name: String) throws -> TranscriptReport {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../etc/samples/\(name)").standardizedFileURL
    return TranscriptReport(try TranscriptReader.read(Data(contentsOf: file), name: name))
  }

  @Test func supportCall() throws {
    let report = try sample("support-call.vtt")
    #expect(report.format == "webvtt")
    #expect(report.utterances == 21)
    #expect(report.speakers == ["Priya": 10, "Mr. Okafor": 10])
    #expect(report.nonSpeech == 1)
  }

  @Test func familyQuarrel() throws {
    let report = try sample("family-quarrel.json")
    #expect(report.program == "WhisperX")
    #expect(report.utterances == 23)
    #expect(report.speakers == ["SPEAKER_00": 8, "SPEAKER_01": 9, "SPEAKER_02": 6])
  }

  @Test func interview() throws {
    let report = try sample("interview.eaf")
    #expect(report.program == "ELAN")
    #expect(report.utterances == 21)
    #expect(report.speakers == ["Ruth Adeyemi": 8, "Agnes Holroyd": 13])
  }
}
