import Foundation
import Testing

@testable import Transcripts

struct FormatRecognitionTests {
  @Test(arguments: Sample.names)
  func theContentDecides(_ name: String) throws {
    let named = try Sample.read(name)
    let unnamed = try TranscriptReader.read(Sample.data(name), name: "upload")
    #expect(unnamed.format == named.format)
    #expect(unnamed.utterances == named.utterances)
  }

  @Test func aWrongExtensionIsSaid() throws {
    let transcript = try TranscriptReader.read(Sample.data("zoom.vtt"), name: "zoom.srt")
    #expect(transcript.format == .webVTT)
    #expect(transcript.warns("The name ends in .srt, but the content is WebVTT."))
  }

  @Test func linesInBracketsAreNoJSON() throws {
    #expect(try read("[00:01] Anna: Yes.\n[00:02] Ben: No.\n", "x").format == .plainText)
  }

  @Test func damageIsToldInTheFormatThatTheNamePromises() throws {
    for (name, what) in [("x.json", "the JSON is damaged"), ("x.TextGrid", "the TextGrid is damaged")] {
      let error = #expect(throws: TranscriptError.self) { try read("nothing of the kind", name) }
      #expect(error?.explanation.what == what)
    }
  }

  @Test func whatFitsNothingNamesTheFormats() {
    let error = #expect(throws: TranscriptError.self) { try read("nothing of the kind", "x.vtt") }
    #expect(error?.explanation.location == "x.vtt: line 1")
    #expect(error?.explanation.expected == TranscriptError.knownFormats)
  }

  @Test func aHeaderAloneHoldsNothing() {
    #expect(throws: TranscriptError.noUtterances("x.vtt", format: .webVTT, leftOut: ["note": 1])) {
      try read("WEBVTT\n\nNOTE nothing yet\n", "x.vtt")
    }
  }
}
