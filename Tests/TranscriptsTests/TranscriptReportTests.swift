import Foundation
import Testing

@testable import Transcripts

struct TranscriptReportTests {
  private struct Decoded: Decodable, Equatable {
    struct Line: Decodable, Equatable {
      var speaker: String?
      var start: Double?
      var end: Double?
      var text: String
    }
    var format: String
    var program: String?
    var encoding: String
    var utterances: Int
    var speakers: [String: Int]
    var first: Line
    var last: Line
    var non_speech: Int
    var skipped: [String: Int]
    var warnings: [String]
  }

  @Test func theObjectHasEveryMember() throws {
    let report = TranscriptReport(
      try read(captions(["<v Anna & Ben>Hello!", "[door]", "<v Anna>Who is it?", "Nobody."])))
    let data = try JSONEncoder().encode(report)
    #expect(
      try JSONDecoder().decode(Decoded.self, from: data)
        == Decoded(
          format: "webvtt", program: nil, encoding: "UTF-8", utterances: 4, speakers: ["Anna": 2, "Ben": 1, "null": 2],
          first: .init(speaker: "Anna & Ben", start: 0, end: 1, text: "Hello!"),
          last: .init(speaker: nil, start: 3, end: 4, text: "Nobody."), non_speech: 1, skipped: [:], warnings: []))
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains(#""program":null"#))
    #expect(text.contains(#""speaker":null"#))
  }

  @Test func everybodyNamedMeansNoNull() throws {
    #expect(TranscriptReport(try Sample.read("teams.vtt")).speakerCounts == ["Osei, Abena": 2, "Tom": 1, "Lucy": 1])
  }

  @Test func peopleReadLines() throws {
    let lines = TranscriptReport(try Sample.read("film.srt")).lines
    #expect(
      lines.prefix(4) == [
        "SubRip, UTF-8", "utterances  7, of which 2 are no speech", "speakers    WOMAN 1, nobody 6",
        "first       00:01:02.5 Where did you leave the boat?",
      ])
  }
}
