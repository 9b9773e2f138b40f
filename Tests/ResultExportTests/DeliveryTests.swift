import Foundation
import Testing

@testable import ResultExport

struct DeliveryTests {
  private let sample: SampleExport

  init() throws {
    sample = try SampleExport()
    try sample.record("friday.h5", [("tea", SampleExport.quarrel), ("a/b", SampleExport.quarrel)])
  }

  @Test func aFolderGetsAFileForEachDialogueAndNothingElse() throws {
    let summary = try sample.write(.textgrid, to: "praat/deep")
    #expect(try sample.names(in: "praat/deep") == ["a%2Fb.TextGrid", "tea.TextGrid"])
    #expect(summary.dialogues == 2 && summary.utterances == 8 && summary.unlabelled == 2)
    #expect(
      summary.remarks.first?.hasSuffix("praat/deep/: 2 dialogues, 8 utterances, 2 of them without a label") == true)
  }

  @Test func aTableIsOneFile() throws {
    try sample.write(.csv, to: "labels.csv")
    try FileManager.default.createDirectory(at: sample.folder["tables"], withIntermediateDirectories: true)
    try sample.write(.csv, to: "tables")
    #expect(try sample.content(of: "labels.csv") == sample.content(of: "tables/labels.csv"))
    #expect(try sample.names(in: "tables") == ["labels.csv"])
  }

  @Test func nothingIsReplacedWithoutBeingMeant() throws {
    try sample.folder.write("mine", to: "praat/tea.TextGrid")
    try sample.folder.write("mine", to: "labels.csv")
    #expect(throws: ExportError.self) { try sample.write(.csv, to: "labels.csv") }
    #expect(throws: ExportError.self) { try sample.write(.textgrid, to: "praat/") }
    #expect(try sample.content(of: "labels.csv") == "mine" && sample.names(in: "praat") == ["tea.TextGrid"])
    try sample.write(.csv, to: "labels.csv", replacing: true)
    try sample.write(.textgrid, to: "praat/", replacing: true)
    #expect(try sample.content(of: "labels.csv") != "mine" && sample.content(of: "praat/tea.TextGrid") != "mine")
  }

  @Test func severalDocumentsFitNeitherIntoOneOutputNorIntoOneFile() throws {
    let error = #expect(throws: ExportError.self) { try sample.text(.srt) }
    #expect(error?.explanation.kind == .usage && error?.description.contains("tea, a/b") == true)
    #expect(throws: ExportError.self) { try sample.write(.srt, to: "all.srt") }
    #expect(try sample.text(.srt) { $0.dialogues = ["tea"] }.hasPrefix("1\n00:00:00,000 --> "))
    #expect(!FileManager.default.fileExists(atPath: sample.folder["all.srt"].path))
  }

  @Test func dialoguesOfOneNameAreToldApartByTheirBundles() throws {
    try sample.record("saturday.h5", [("TEA", SampleExport.quarrel)])
    try sample.write(.srt, to: "srt")
    #expect(
      try sample.names(in: "srt").sorted() == ["TEA (saturday.h5).srt", "a%2Fb.srt", "tea (friday.h5).srt"].sorted())
  }

  @Test func noDocumentTakesTheNameOfAnother() throws {
    let sample = try SampleExport()
    let turn = [SampleExport.quarrel[0]]
    // What another is called to be told apart.
    try sample.record("a.h5", [("tea", turn), ("tea (b.h5)", turn), ("TEA", turn), ("tea (2)", turn)])
    try sample.record("b.h5", [("tea", turn)])
    try sample.write(.srt, to: "srt", replacing: true)
    let names = try sample.names(in: "srt")
    #expect(names.count == 5 && Set(names.map { $0.lowercased() }).count == 5)
  }

  @Test func whatIsNotFoundLeavesNoFile() throws {
    let text = try sample.text(.csv) { $0.speakers = ["Nobody"] }
    #expect(text.isEmpty)
    #expect(try sample.text(.textgrid) { $0.speakers = ["Nobody"] }.isEmpty)
    #expect(try sample.write(.csv, to: "labels.csv").utterances == 8)
    let others = try sample.names(in: ".").filter { !$0.hasPrefix("output-") && !$0.hasPrefix("index.sqlite") }
    #expect(others == ["labels.csv"])
  }

  @Test func filtersChooseUtterances() throws {
    let text = try sample.text(.rttm) { $0.emotions = ["anger"] }
    #expect(text.split(separator: "\n").count == 2)
  }
}

struct MissingTimesTests {
  private let sample: SampleExport

  init() throws {
    sample = try SampleExport()
    let untimed = SampleExport.quarrel.map { Said(speaker: $0.speaker, text: $0.text, emotion: $0.emotion) }
    try sample.record("friday.h5", [("tea", untimed), ("walk", SampleExport.quarrel)])
  }

  @Test(arguments: [ExportFormat.textgrid, .elan, .webvtt, .srt, .rttm])
  func dialoguesWithoutTimesAreRefusedByName(_ format: ExportFormat) throws {
    let error = #expect(throws: ExportError.self) { try sample.write(format, to: "out/") }
    #expect(
      error?.explanation.kind == .data
        && error?.description.contains("a dialogue with utterances without: tea.") == true)
    #expect(throws: ExportError.self) { try sample.text(format) }
    let left = (try? sample.names(in: "out")) ?? []
    #expect(left.isEmpty)
  }

  @Test(arguments: [ExportFormat.jsonl, .csv, .parquet, .labelStudio, .emotionml])
  func otherFormatsNeedNone(_ format: ExportFormat) throws {
    #expect(try sample.write(format, to: "out/").utterances == 8)
  }

  @Test func askedForTheyAreLaidOutTurnByTurn() throws {
    let text = try sample.text(.rttm, secondsPerTurn: 2.5)
    let starts = text.split(separator: "\n").prefix(4).map { $0.split(separator: " ")[3...4].joined(separator: " ") }
    #expect(starts == ["0 2.5", "2.5 2.5", "5 2.5", "7.5 2.5"])
    #expect(
      try sample.write(.srt, to: "out", secondsPerTurn: 2).remarks.last?.hasPrefix("in 1 dialogue turns without")
        == true)
    #expect(throws: ExportError.self) { try sample.text(.rttm, secondsPerTurn: 0) }
  }

  @Test func aTurnWithoutTimesAmongOthersStandsBetweenThem() throws {
    let turns = [
      Said(speaker: "A", text: "none"), Said(speaker: "A", start: 1, end: 2, text: "timed"),
      Said(speaker: "B", text: "none"), Said(speaker: "A", start: 4, end: 5, text: "timed"),
      Said(speaker: "B", text: "none"),
    ]
    try sample.record("saturday.h5", [("mixed", turns)])
    let text = try sample.text(.rttm, secondsPerTurn: 3) { $0.dialogues = ["mixed"] }
    let places = text.split(separator: "\n").map { $0.split(separator: " ")[3...4].joined(separator: " ") }
    #expect(places == ["0 1", "1 1", "2 2", "4 1", "5 3"])
  }
}

struct OriginalFormatTests {
  @Test func eachDialogueComesBackInItsOwnFormat() throws {
    let sample = try SampleExport()
    for name in ["call.vtt", "film.srt", "talk.eaf", "lab.TextGrid", "table.tsv", "whisper.json"] {
      try sample.record(name, [(String(name.prefix { $0 != "." }), SampleExport.quarrel)])
    }
    let summary = try sample.write(.original, to: "back")
    #expect(
      try sample.names(in: "back") == [
        "call.vtt", "film.srt", "lab.TextGrid", "table.csv", "talk.eaf", "whisper.jsonl",
      ])
    #expect(try sample.content(of: "back/call.vtt").hasPrefix("WEBVTT"))
    #expect(summary.remarks.last?.hasSuffix("no place for emotions: whisper.json") == true)
  }
}
