import Corrections
import DialogueDomain
import Foundation
import ResultExport
import ResultIndex
import TestFolders
import Testing

@testable import ResultQueries

/// Labels that were changed in a file that `ambq export` wrote.
struct CorrectedExportTests {
  private let sample: SampleIndex
  private let folder: TemporaryFolder

  init() throws {
    sample = try SampleIndex()
    folder = try TemporaryFolder()
  }

  /// Exports the dialogue tea of friday.h5, and changes the text of the file.
  private func exported(_ format: ExportFormat, _ name: String, _ change: (String) -> String = { $0 }) throws -> URL {
    var query = UtteranceQuery()
    (query.dialogues, query.bundles) = (["tea"], ["friday.h5"])
    let url = folder.url.appendingPathComponent(name)
    _ = try LabelExport(sample.reader, query, format: format).write(to: url.path, replacing: true)
    let text = try String(contentsOf: url, encoding: .utf8)
    try Data(change(text).utf8).write(to: url)
    return url
  }

  /// `turn emotion` of what is to be corrected.
  private func corrections(_ url: URL, reviewed: Bool = false) throws -> [String] {
    let digest = String(repeating: "1a", count: 32)
    let export = try CorrectedExport(url, in: sample.reader, bundle: digest, isReviewed: reviewed)
    #expect(export.requests.allSatisfy { $0.dialogue == "tea" && $0.bundleDigest == digest })
    return export.requests.map { "\($0.utterance) \($0.emotion ?? "-")" }
  }

  private static let formats: [(ExportFormat, String)] = [
    (.jsonl, "tea.jsonl"), (.csv, "tea.csv"), (.elan, "tea.eaf"), (.textgrid, "tea.TextGrid"),
    (.labelStudio, "tea.json"),
  ]

  @Test(arguments: formats)
  func anExportThatNobodyChangedCorrectsNothing(format: ExportFormat, name: String) throws {
    #expect(try corrections(exported(format, name)).isEmpty)
  }

  /// The model's second label, anger, becomes fear.
  @Test(arguments: [
    (ExportFormat.jsonl, "tea.jsonl", "\"emotion\":\"anger\"", "\"emotion\":\"fear\""),
    (.csv, "tea.csv", ",anger,", ",fear,"),
    (.elan, "tea.eaf", "<ANNOTATION_VALUE>anger<", "<ANNOTATION_VALUE>Fear <"),
    (.textgrid, "tea.TextGrid", "text = \"anger\"", "text = \"fear\""),
  ])
  func aChangedLabelIsACorrection(format: ExportFormat, name: String, old: String, new: String) throws {
    let url = try exported(format, name) { text in
      #expect(text.contains(old))
      return text.replacing(old, with: new, maxReplacements: 1)
    }
    #expect(try corrections(url).map { $0.lowercased().trimmingCharacters(in: .whitespaces) } == ["tea#1 fear"])
  }

  @Test func aTruthThatWasFilledInOrChangedIsACorrection() throws {
    let url = try exported(.jsonl, "tea.jsonl") {
      $0.replacing("\"truth\":\"joy\"", with: "\"truth\":\"neutral\"", maxReplacements: 1)
    }
    #expect(try corrections(url) == ["tea#0 neutral"])
  }

  /// A spreadsheet writes semicolons, a mark at the beginning and Windows' line ends.
  @Test func aTableThatASpreadsheetWroteIsRead() throws {
    let url = folder.url.appendingPathComponent("mine.csv")
    try Data("\u{FEFF}dialogue;turn;emotion\r\ntea;0;joy\r\ntea;1;\"fear\"\r\n".utf8).write(to: url)
    #expect(try corrections(url) == ["tea#1 fear"])
  }

  @Test func anAnnotationOfLabelStudioIsAPersonsWordEvenWhereItAgrees() throws {
    func task(_ cancelled: Bool, _ regions: [(Int, Int, String)]) -> String {
      let results = regions.map {
        "{\"type\":\"paragraphlabels\",\"value\":{\"start\":\"\($0)\",\"end\":\"\($1)\",\"paragraphlabels\":[\"\($2)\"]}}"
      }.joined(separator: ",")
      let annotation = "{\"was_cancelled\":\(cancelled),\"result\":[\(results)]}"
      let turns = (0..<3).map { "{\"utterance\":\"tea#\($0)\"}" }.joined(separator: ",")
      let digest = String(repeating: "1a", count: 32)
      return
        "{\"data\":{\"name\":\"tea\",\"bundle_digest\":\"\(digest)\",\"dialogue\":[\(turns)]},\"annotations\":[\(annotation)]}"
    }
    let url = folder.url.appendingPathComponent("done.json")
    try Data("[\(task(false, [(1, 1, "anger"), (2, 7, "fear")])),\(task(true, [(0, 0, "fear")]))]".utf8).write(to: url)
    // The bundle says joy; a region that ends behind the dialogue is nobody's.
    #expect(try corrections(url) == ["tea#1 anger"])
  }

  @Test func whoHasReviewedAFileAgreesWithWhatStands() throws {
    let other = try exported(.textgrid, "tea.TextGrid")
    // All of it has a truth already.
    #expect(try corrections(other, reviewed: true).isEmpty)
    let url = folder.url.appendingPathComponent("walk.jsonl")
    try Data("{\"dialogue\":\"walk\",\"utterance\":\"walk#0\",\"emotion\":\"neutral\"}\n".utf8).write(to: url)
    #expect(try CorrectedExport(url, in: sample.reader).requests.isEmpty)
    let reviewed = try CorrectedExport(url, in: sample.reader, isReviewed: true).requests
    #expect(reviewed.map(\.emotion) == ["neutral"])
  }

  /// Somebody else has corrected the same since the export: an untouched file takes nothing back.
  @Test func anOldExportTakesNoLaterCorrectionBack() throws {
    let first = try exported(.jsonl, "first.jsonl")
    try correct("tea#1", "fear", after: 10)
    let second = try exported(.csv, "second.csv")
    try correct("tea#1", "neutral", after: 20)
    #expect(try corrections(first).isEmpty && corrections(second).isEmpty)
  }

  private func correct(_ utterance: String, _ emotion: String, after seconds: Double) throws {
    let writer = try IndexWriter(sample.layout.index)
    let time = SampleIndex.evening + seconds
    try writer.record(
      [
        Correction(
          bundleDigest: String(repeating: "1a", count: 32), dialogue: "tea", utterance: utterance, emotion: emotion,
          by: "Anna", at: time, account: "anna", taken: time)
      ], file: "\(seconds).jsonl")
    try writer.close()
  }

  @Test(arguments: [
    ("notes.odt", "x", "the file's name tells no format"), ("a.jsonl", "joy\n", "this is no label that ambq exported"),
    ("a.csv", "a,b\n1,2\n", "dialogue among them"), ("a.json", "{}", "no export of Label Studio"),
    ("a.eaf", "<ANNOTATION_DOCUMENT></ANNOTATION_DOCUMENT>", "Anna - emotion"),
    ("a.jsonl", "{\"dialogue\":\"coffee\",\"utterance\":\"1\"}", "no scored dialogue has this name"),
  ])
  func whatIsNoExportIsSaid(name: String, text: String, words: String) throws {
    let url = folder.url.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    let error = #expect(throws: (any Error).self) { try CorrectedExport(url, in: sample.reader) }
    #expect((error as? any ExplainedError)?.explanation.message.contains(words) == true)
  }

  @Test func aTextGridOfAnotherNameNeedsItsDialogue() throws {
    let url = try exported(.textgrid, "mine.TextGrid") { $0.replacing("\"anger\"", with: "\"fear\"") }
    #expect(try CorrectedExport(url, in: sample.reader).requests.map(\.emotion) == ["fear"])
    // Somebody has deleted the tier that says what it is of.
    let text = try String(contentsOf: url, encoding: .utf8).replacing(/"ambq:bundle[^"]*"/, with: "\"\"")
    try Data(text.utf8).write(to: url)
    let error = #expect(throws: ExportError.self) { try CorrectedExport(url, in: sample.reader) }
    #expect(error?.explanation.remedy?.contains("--dialogue") == true)
    let digest = String(repeating: "1a", count: 32)
    let export = try CorrectedExport(url, in: sample.reader, dialogue: "tea", bundle: digest)
    #expect(export.requests.map(\.emotion) == ["fear"])
  }

  @Test func aTierWhoseTimesWereMovedIsSaid() throws {
    let url = try exported(.textgrid, "tea.TextGrid") { $0.replacing("xmin = 4 ", with: "xmin = 4.5 ") }
    let error = #expect(throws: ExportError.self) { try corrections(url) }
    #expect(error?.explanation.what == "no utterance of tea stands here")
  }

  // MARK: into the spool

  @Test func whatIsDeliveredIsWhatTheDaemonReads() throws {
    let url = try exported(.jsonl, "tea.jsonl") {
      $0.replacing("\"emotion\":\"anger\"", with: "\"emotion\":\"fear\"")
    }
    let requests = try CorrectedExport(url, in: sample.reader).requests
    let delivered = try CorrectionDelivery(sample.layout, sample.reader).deliver(
      requests, by: "Anna", at: SampleIndex.evening + 5)
    #expect(try FileManager.default.contentsOfDirectory(atPath: sample.layout.incoming.path) == [delivered.file])
    #expect(InputKind(fileName: delivered.file.utf8) == .correction)
    let read = try CorrectionFile(sample.layout.incoming.appendingPathComponent(delivered.file)).requests
    #expect(read.map(\.emotion) == ["fear"] && read[0].by == "Anna" && read[0].at == SampleIndex.evening + 5)
    #expect(read[0].bundleDigest == String(repeating: "1a", count: 32))
  }

  @Test func whatTheDaemonWouldRefuseIsNotDelivered() throws {
    let delivery = try CorrectionDelivery(sample.layout, sample.reader)
    let request = try UtteranceName("walk:0").correction("joy", bundle: nil)
    #expect(throws: CorrectionError.self) { try delivery.deliver([request], by: " ", at: SampleIndex.evening) }
    #expect(throws: CorrectionFault.self) {
      try delivery.deliver([UtteranceName("walk:4").correction("joy", bundle: nil)], by: "A", at: SampleIndex.evening)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: sample.layout.incoming.path).isEmpty)
  }

  @Test func aBundleIsMeantByItsNameOrDigest() throws {
    let digest = String(repeating: "1a", count: 32)
    for name in ["friday.h5", "1a1a1a1a", digest] {
      #expect(try BundleChoice.digest(of: name, in: sample.reader) == digest)
    }
    #expect(throws: QueryError.self) { try BundleChoice.digest(of: "sunday.h5", in: sample.reader) }
    #expect(throws: QueryError.self) { try BundleChoice.digest(of: "*.h5", in: sample.reader) }
  }

  @Test func anUtterancesNameEndsAtItsLastColon() throws {
    let name = try UtteranceName("a:b:tea#3")
    #expect(name.dialogue == "a:b" && name.utterance == "tea#3")
    for wrong in ["tea", ":3", "tea:"] { #expect(throws: QueryError.self) { try UtteranceName(wrong) } }
  }
}
