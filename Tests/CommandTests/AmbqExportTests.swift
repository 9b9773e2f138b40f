import Foundation
import Testing

/// `ambq export`, run as a user would.
struct AmbqExportTests {
  private let spool: AmbqSpool
  private let ambq: AmbqProgram
  private let folder: TestFolder

  init() throws {
    spool = try AmbqSpool()
    try spool.fill()
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.root.path])
    folder = try TestFolder()
  }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder[path].path).sorted()
  }

  @Test func aFolderGetsADocumentForEachDialogue() throws {
    let result = try ambq("export", "--to", "elan", "--out", folder["elan"].path)
    #expect(result.status == 0 && result.output.isEmpty)
    #expect(result.errors == "ambq: \(folder["elan"].path)/: 6 dialogues, 59 utterances\n")
    let found = try names("elan")
    let expected = [
      "dev-0.eaf", "dev-1 (friday.h5).eaf", "dev-1 (saturday.h5).eaf", "dev-2.eaf", "dev-3.eaf", "tea, \"two\".eaf",
    ]
    #expect(found == expected)
  }

  @Test func oneDialogueGoesToStandardOutput() throws {
    let result = try ambq("export", "--to", "webvtt", "--dialogue", "dev-3")
    #expect(result.status == 0 && result.errors.isEmpty && result.lines.first == "WEBVTT")
    #expect(result.lines.count { $0.contains(" --> ") } == 8)
  }

  @Test func filtersAreThoseOfList() throws {
    let listed = try ambq("list", "--emotion", "anger", "--speaker", "R*", "--count").output
    let result = try ambq("export", "--to", "jsonl", "--emotion", "anger", "--speaker", "R*")
    #expect(result.lines.count == Int(listed.trimmingCharacters(in: .newlines)) && !result.lines.isEmpty)
  }

  @Test func whatIsThereStaysWithoutForce() throws {
    let path = folder["labels.csv"].path
    #expect(try ambq("export", "--to", "csv", "--out", path).status == 0)
    let again = try ambq("export", "--to", "csv", "--out", path)
    #expect(again.status == 74 && again.errors.contains("--force"))
    #expect(try ambq("export", "--to", "csv", "--out", path, "--force").status == 0)
  }

  @Test func severalDocumentsAreToGoIntoAFolder() throws {
    let result = try ambq("export", "--to", "textgrid")
    #expect(result.status == 64 && result.output.isEmpty && result.errors.contains("Name a folder for them with --out"))
  }

  @Test func nothingFoundIsExplainedAndLeavesNothing() throws {
    let result = try ambq(
      "export", "--to", "parquet", "--emotion", "joy", "--max-confidence", "0.01", "--out", folder["x"].path)
    #expect(
      result.status == 1 && result.errors.hasPrefix("ambq: nothing found")
        && !FileManager.default.fileExists(atPath: folder["x"].path))
  }

  @Test func everyFormatIsInTheManual() throws {
    let manual = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../man/ambq.1").standardized
    let text = try String(contentsOf: manual, encoding: .utf8)
    let help = try ambq("export", "--help").output
    let list = try #require(help.firstMatch(of: /values:([^)]*)\)/)?.1)
    let formats = list.split { !($0.isLetter || $0 == "-") }
    #expect(formats.count == 12)
    for format in formats { #expect(text.contains("\n.It Cm \(format)"), "\(format)") }
    for option in ["to", "out", "force", "csv-safe", "seconds-per-turn"] { #expect(text.contains(".It Fl -\(option)")) }
  }
}
