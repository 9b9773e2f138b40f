import Foundation
import Testing

/// `ambq why` with the real programs, on a spool that the daemon has filled.
struct AmbqWhyTests {
  private let folder: TestFolder
  private let ambq: AmbqProgram
  private let spool: URL

  init() throws {
    folder = try TestFolder()
    spool = folder["spool"]
    let incoming = folder["spool/incoming"]
    try FileManager.default.createDirectory(at: incoming, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Shipped.samples[0], to: incoming.appendingPathComponent("monday.h5"))
    let scored = try BuiltProgram("ambd")(
      "--spool", spool.path, "--model", Shipped.model, "--once", "--set", "watch.settle_seconds=0", "--set",
      "probes.enabled=false")
    #expect(scored.status == 0, "\(scored.errors)")
    ambq = AmbqProgram(environment: ["AMBQ_SPOOL": spool.path])
  }

  private func first() throws -> String {
    try #require(try ambq("dialogues", "--format", "tsv").lines.dropFirst().first?.split(separator: "\t").first)
      .description
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func theModelThatMadeTheLabelSaysWhyAndAgreesWithTheIndex() throws {
    let dialogue = try first()
    let result = try ambq("why", "\(dialogue):1", "--model-folder", Shipped.model, "--json")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let told = try object(result.output)
    let rerun = try #require(told["rerun"] as? [String: Any])
    #expect(rerun["agrees"] as? Bool == true && rerun["difference"] as? Double == 0)
    #expect(rerun["emotion"] as? String == told["emotion"] as? String && told["turn"] as? Int == 1)
    let neighbours = try #require(told["neighbours"] as? [[String: Any]])
    for graph in ["other_speakers", "own_speaker"] {
      let text = neighbours.filter { $0["modality"] as? String == "text" && $0["graph"] as? String == graph }
      #expect(abs(text.reduce(0) { $0 + ($1["attended"] as? Double ?? 0) } - 1) < 1e-5)
    }
    let text = try ambq("why", "\(dialogue):1", "--model-folder", Shipped.model)
    #expect(text.status == 0 && text.lines[0] == "\(dialogue):1" && text.lines.allSatisfy { $0.count <= 80 })
  }

  @Test func whatIsGoneOrOtherIsOneErrorWithWhatToDo() throws {
    let dialogue = try first()
    func why(_ arguments: String...) throws -> AmbqProgram.Result {
      // The shell, since each has other arguments.
      try ambq.shell((["\"$AMBQ\" why"] + arguments.map { "'\($0)'" }).joined(separator: " "))
    }
    let elsewhere = try why("\(dialogue):1", "--model-folder", folder.url.path)
    #expect(elsewhere.status == 66 && elsewhere.output.isEmpty && elsewhere.errors.contains("config.json"))
    let words = URL(fileURLWithPath: Shipped.model).appendingPathComponent("words").path
    let other = try why("\(dialogue):1", "--model-folder", words)
    #expect(other.status == 65 && other.errors.contains("another model made these labels"))
    #expect(try why("\(dialogue):999", "--model-folder", Shipped.model).status == 64)
    #expect(try why(dialogue).status == 64)
    #expect(try why("nobody:1").status == 1)
    let bundle = spool.appendingPathComponent("done/monday.h5")
    try FileManager.default.removeItem(at: bundle)
    let gone = try why("\(dialogue):1", "--model-folder", Shipped.model)
    #expect(gone.status == 66 && gone.errors.contains("done/monday.h5: the bundle is gone"))
    try Data("other".utf8).write(to: bundle)
    let bytes = try why("\(dialogue):1", "--model-folder", Shipped.model)
    #expect(bytes.status == 65 && bytes.errors.contains("other bytes than were scored"))
  }

  @Test func thePageOfADialogueGoesWithoutTheAttentionWhereTheBundleIsGone() throws {
    let (dialogue, page) = (try first(), folder["talk.html"])
    let told = try ambq("show", dialogue, "--html", page.path, "--model-folder", Shipped.model)
    #expect(told.status == 0 && told.output == "\(page.path)\n" && told.errors.isEmpty, "\(told.errors)")
    #expect(try String(contentsOf: page, encoding: .utf8).contains("data-heard="))
    try FileManager.default.removeItem(at: spool.appendingPathComponent("done/monday.h5"))
    // Without a name the file is called as the dialogue is; a dialogue is none.
    let work = folder["work"]
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    let gone = try ambq.shell("cd '\(work.path)' && \"$AMBQ\" show --html '\(dialogue)'")
    #expect(gone.status == 0 && gone.errors.contains("the bundle is gone"))
    let plain = try String(contentsOf: work.appendingPathComponent("\(dialogue).html"), encoding: .utf8)
    #expect(!plain.contains("data-heard=") && plain.contains("the bundle is gone") && plain.contains("id=\"t1\""))
    let printed = try ambq("show", dialogue, "--html", "-")
    #expect(printed.output == plain)
    #expect(try ambq("show", dialogue, "--html", "--format", "json").status == 64)
  }

  @Test func explainByHandIsOneLineOfJSON() throws {
    let ambd = BuiltProgram("ambd")
    let file = spool.appendingPathComponent("done/monday.h5").path
    let all = try ambd("explain", file, "--dialogue", first(), "--model", Shipped.model)
    #expect(all.status == 0 && all.lines.count == 1)
    let told = try #require(try object(all.output)["explanation"] as? [String: Any])
    #expect((told["utterances"] as? [Any])?.count ?? 0 > 1)
    let none = try ambd("explain", file, "--dialogue", "nobody", "--model", Shipped.model)
    let error = try #require(try object(none.output)["error"] as? [String: Any])
    #expect(none.status == 65 && error["what"] as? String == "the bundle holds no dialogue 'nobody'")
  }
}
