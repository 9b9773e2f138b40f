import DialogueDomain
import Foundation
import Testing

@testable import ResultExport

/// What tells an export from a transcript, whatever has saved it since.
struct ExportMarkTests {
  private static let marked: [(ExportFormat, String)] = [
    (.csv, "csv"), (.jsonl, "jsonl"), (.labelStudio, "json"), (.elan, "eaf"), (.textgrid, "textgrid"), (.webvtt, "vtt"),
    (.srt, "srt"),
  ]

  private func exported(_ format: ExportFormat) throws -> String {
    let sample = try SampleExport()
    try sample.record("call.h5", [("the call", SampleExport.quarrel)])
    return try sample.text(format)
  }

  @Test(arguments: marked)
  func everyExportBearsIt(format: ExportFormat, kind: String) throws {
    #expect(ExportMark.isBorne(by: Data(try exported(format).utf8), kind: kind))
  }

  /// Praat saves what is not ASCII as UTF-16, spreadsheets write semicolons, quotes and a mark at the beginning.
  @Test func itOutlivesWhatProgramsDo() throws {
    let grid = try exported(.textgrid)
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf16] {
      #expect(ExportMark.isBorne(by: try #require(grid.data(using: encoding)), kind: "textgrid"))
      for (format, kind) in [(ExportFormat.csv, "csv"), (.jsonl, "jsonl")] {
        #expect(ExportMark.isBorne(by: try #require(try exported(format).data(using: encoding)), kind: kind))
      }
    }
    let header = try #require(try exported(.csv).split(separator: "\r\n").first)
    let quoted = header.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ";")
    #expect(ExportMark.isBorne(by: Data("\u{FEFF}\(quoted)\r\n".utf8), kind: "csv"))
    // An editor of subtitles has dropped the notes.
    let cues = try exported(.webvtt).split(separator: "\n\n").filter { $0.contains("-->") }.joined(separator: "\n\n")
    #expect(ExportMark.isBorne(by: Data("WEBVTT\n\n\(cues)\n".utf8), kind: "vtt"))
    #expect(ExportMark.isBorne(by: Data("dialogue\tturn\temotion\tconfidence\n".utf8), kind: "tsv"))
  }

  @Test(arguments: [
    ("speaker,text,emotion\nA,b,c\n", "csv"), ("", "csv"), ("Dialogue_ID,Utterance_ID,Emotion\n", "csv"),
    ("{\"segments\":[{\"text\":\"the \\\"model_digest\\\" of a \\\"dialogue\\\"\"}]}", "json"),
    ("<ANNOTATION_DOCUMENT/>", "eaf"), ("WEBVTT\n\n00:01.000 --> 00:02.000\nwe spoke, with ambiguity\n", "vtt"),
    ("1\n00:00:01,000 --> 00:00:02,000\nAnna: [laughs] No.\n\n2\n00:00:03,000 --> 00:00:04,000\nBen: Yes.\n", "srt"),
    ("1\n00:00:01,000 --> 00:00:02,000\nAnna: [laughs] No.\n", "srt"), ("ambq:bundle-sha256", "srt"),
  ])
  func transcriptsDoNot(text: String, kind: String) {
    #expect(!ExportMark.isBorne(by: Data(text.utf8), kind: kind))
  }

  @Test func aFileIsLookedAtWhereItLiesAndALinkIsNot() throws {
    let sample = try SampleExport()
    try sample.record("call.h5", [("call", SampleExport.quarrel)])
    try sample.write(.csv, to: "call.csv")
    #expect(ExportMark.isBorne(by: sample.folder["call.csv"]) && !ExportMark.isBorne(by: sample.folder["nowhere.csv"]))
    let link = sample.folder["link.csv"]
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: sample.folder["call.csv"])
    #expect(!ExportMark.isBorne(by: link))
  }

  @Test func aTextGridSaysWhatItIsOf() throws {
    let text = try exported(.textgrid)
    #expect(text.contains("name = \"ambq\""))
    #expect(text.contains("ambq:bundle-sha256 \(String(repeating: "1a", count: 32)) ambq:model-sha256 "))
    #expect(text.contains("ambq:dialogue the call\""))
  }
}
