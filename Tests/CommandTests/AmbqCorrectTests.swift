import Foundation
import Testing

/// From a label that somebody finds wrong to the truth that counts, by the real programs.
struct AmbqCorrectTests {
  private let ambd = BuiltProgram("ambd")
  private let ambq = BuiltProgram("ambq")
  private let ambtrain = BuiltProgram("ambtrain")
  private let folder: TestFolder
  private var spool: String { folder["spool"].path }

  init() throws {
    folder = try TestFolder()
    try FileManager.default.createDirectory(at: folder["spool/incoming"], withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Shipped.samples[0], to: folder["spool/incoming/monday.h5"])
    try #require(try once().status == 0)
  }

  private func once(_ more: String...) throws -> BuiltProgram.Outcome {
    try ambd(
      ["--spool", spool, "--model", Shipped.model, "--once"] + more, environment: ["AMBD_PROBES_ENABLED": "false"])
  }

  private func rows() throws -> [[String: Any]] {
    try ambq("list", "--spool", spool, "--format", "jsonl").lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  /// `dialogue:turn` of the first utterance whose label is not the emotion.
  private func utterance(not emotion: String) throws -> (name: String, place: Int) {
    let rows = try rows()
    let place = try #require(rows.firstIndex { $0["emotion"] as? String != emotion })
    return ("\(try #require(rows[place]["dialogue"])):\(try #require(rows[place]["turn"]))", place)
  }

  @Test func aCorrectionIsTheTruthBesideTheLabelAndOutlivesTheIndex() throws {
    let (name, place) = try utterance(not: "disgust")
    let before = try rows()[place]
    let given = try ambq("correct", name, "--emotion", "Disgust", "--by", "Anna", "--spool", spool)
    #expect(given.status == 0 && given.output.contains("→ disgust (Anna)") && given.errors.contains("incoming/"))
    #expect(try once().status == 0)
    func check() throws {
      let row = try rows()[place]
      #expect(row["truth"] as? String == "disgust" && row["corrected_by"] as? String == "Anna")
      #expect(row["corrected_at"] is String && row["emotion"] as? String == before["emotion"] as? String)
    }
    try check()
    #expect(try once("--rebuild-index").status == 0)
    try check()
    #expect(try ambq("verify", "--spool", spool).status == 0)
    let history = try ambq("sql", "SELECT emotion, by, last FROM corrections", "--spool", spool, "--format", "tsv")
    #expect(history.lines.last == "disgust\tAnna\t1")
    let json = try ambq("report", "--spool", spool, "--since", "today", "--format", "json").output
    let report = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let corrections = try #require(report["corrections"] as? [String: Any])
    #expect(corrections["taken"] as? Int == 1 && corrections["changed"] as? Int == 1)
    #expect(try ambq("correct", name, "--withdraw", "--spool", spool).status == 0)
    #expect(try once().status == 0)
    #expect(try rows()[place]["truth"] as? String == before["truth"] as? String)
  }

  @Test func aCorrectedExportGoesTheSameWay() throws {
    let file = folder["labels.csv"].path
    #expect(try ambq("export", "--to", "csv", "--out", file, "--spool", spool).status == 0)
    let unchanged = try ambq("correct", "--from", file, "--spool", spool)
    #expect(unchanged.status == 1 && unchanged.errors.contains("was changed"))
    let (_, place) = try utterance(not: "disgust")
    var lines = try String(contentsOfFile: file, encoding: .utf8).components(separatedBy: "\n")
    let label = try #require(try rows()[place]["emotion"] as? String)
    lines[place + 1] = lines[place + 1].replacing(",\(label),", with: ",disgust,", maxReplacements: 1)
    try Data(lines.joined(separator: "\n").utf8).write(to: folder["labels.csv"])
    let dry = try ambq("correct", "--from", file, "--by", "Ben", "--dry-run", "--spool", spool)
    #expect(dry.status == 0 && dry.lines.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["spool/incoming"].path).isEmpty)
    #expect(try ambq("correct", "--from", file, "--by", "Ben", "--spool", spool).output == dry.output)
    #expect(try once().status == 0)
    #expect(try rows()[place]["truth"] as? String == "disgust")
    #expect(try rows().count { $0["corrected_by"] as? String == "Ben" } == 1)
  }

  @Test func whatCannotBeIsSaidAtOnce() throws {
    let name = try utterance(not: "disgust").name
    let emotion = try ambq("correct", name, "--emotion", "disgus", "--spool", spool)
    #expect(emotion.status == 65 && emotion.errors.contains("Did you mean 'disgust'?"))
    let dialogue = try ambq("correct", "nobody:0", "--emotion", "joy", "--spool", spool)
    #expect(dialogue.status == 65 && dialogue.errors.contains("no scored dialogue has this name"))
    for wrong in [[], [name], [name, "--emotion", "joy", "--withdraw"], ["--from", "x.csv", "--emotion", "joy"]] {
      #expect(try ambq(["correct", "--spool", spool] + wrong).status == 64)
    }
  }

  @Test func trainingLearnsFromCorrections() throws {
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let arguments = ["--hidden", "16", "--epochs", "1", "--batch", "3", "--out", folder["model"].path]
    #expect(
      try ambtrain(["train", "--data", data, "--corrections", folder["none"].path] + arguments).status == 66)
    // Of another bundle: they are counted, and nothing is learned from them.
    let name = try utterance(not: "joy").name
    #expect(try ambq("correct", name, "--emotion", "joy", "--spool", spool).status == 0)
    #expect(try once().status == 0)
    let trained = try ambtrain(["train", "--data", data, "--corrections", spool] + arguments)
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("0 labels are corrections; left out: 1 of other bundles."))
  }
}
