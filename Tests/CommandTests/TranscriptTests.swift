import Foundation
import Testing
import TextEncoder

/// From a transcript that is dropped into the spool to labels with words, and by hand.
@Suite(.enabled(if: (try? EncoderDirectory.find()) != nil, "no encoder is installed: run etc/fetch-encoder.sh"))
struct TranscriptTests {
  private let ambd = BuiltProgram("ambd")
  private let ambq = BuiltProgram("ambq")
  private let ambtrain = BuiltProgram("ambtrain")
  private let folder: TestFolder
  private var spool: String { folder["spool"].path }
  private let call = Shipped.call
  private var encoder: [String: String] { ["AMBQ_ENCODER": (try? EncoderDirectory.find())?.url.path ?? ""] }

  init() throws {
    folder = try TestFolder()
    try FileManager.default.createDirectory(at: folder["spool/incoming"], withIntermediateDirectories: true)
  }

  private func once(_ more: [String: String] = [:]) throws -> BuiltProgram.Outcome {
    try ambd("--spool", spool, "--model", Shipped.model, "--once", environment: encoder.merging(more) { $1 })
  }

  @Test func aDroppedTranscriptIsLabelledShownAndSearched() throws {
    try FileManager.default.copyItem(at: call, to: folder["spool/incoming/support-call.vtt"])
    #expect(try once().status == 0)
    #expect(FileManager.default.fileExists(atPath: folder["spool/done/support-call.vtt"].path))
    let labels = LabelRows(try String(contentsOf: folder["spool/labels/support-call.tsv"], encoding: .utf8))
    let scored = try ambtrain("score", "--model", Shipped.model, call.path, environment: encoder)
    #expect(scored.status == 0 && labels.withoutStability == LabelRows(scored.output).withoutStability)
    #expect(labels.stabilities.count == 21)
    let show = try ambq("show", "support-call", "--spool", spool)
    #expect(show.output.contains("WORDS") && show.output.contains("Ridgeway Broadband, you"))
    let found = try ambq("list", "--spool", spool, "--text", "ridgeway broad*", "--format", "jsonl")
    #expect(found.lines.count == 1 && found.output.contains("\"speaker\":\"Priya\""))
  }

  /// Its cues are numbered from 1 and some are joined, turns are numbered from 0.
  @Test func aCorrectionIsOfTheTurnThatIsTypedNotOfTheCueWithThatNumber() throws {
    try FileManager.default.copyItem(at: call, to: folder["spool/incoming/support-call.vtt"])
    #expect(try once().status == 0)
    let given = try ambq("correct", "support-call:6", "--emotion", "joy", "--by", "Anna", "--spool", spool)
    #expect(given.status == 0 && given.output.hasPrefix("support-call:6: ") && given.output.hasSuffix("→ joy (Anna)\n"))
    #expect(try once().status == 0)
    let corrected = try ambq(
      "list", "--spool", spool, "--format", "{turn} {utterance} {truth}", "--dialogue", "support-call")
    #expect(corrected.lines.filter { $0.hasSuffix("joy") } == ["6 8 joy"])
  }

  @Test func wordsThatMustNotBeKeptAreNot() throws {
    try FileManager.default.copyItem(at: call, to: folder["spool/incoming/support-call.vtt"])
    let outcome = try once(["AMBD_KEEP_TEXT": "false"])
    #expect(outcome.status == 0)
    #expect(try ambq("show", "support-call", "--spool", spool).output.contains("WORDS") == false)
    #expect(try Data(contentsOf: folder["spool/index.sqlite"]).range(of: Data("Ridgeway".utf8)) == nil)
  }

  @Test func aPackedTranscriptIsScoredAsTheTranscriptItself() throws {
    let packed = folder["support-call.h5"].path
    #expect(try ambtrain("pack", call.path, "--out", packed, environment: encoder).status == 0)
    let (bundle, talk) = (
      try ambtrain("score", "--model", Shipped.model, packed),
      try ambtrain("score", "--model", Shipped.model, call.path, environment: encoder)
    )
    #expect(bundle.status == 0 && bundle.output == talk.output)
  }

  @Test func checkSaysWhatWasMadeOfATranscript() throws {
    let text = try ambtrain("check", call.path)
    #expect(text.status == 0 && text.output.contains("WebVTT, UTF-8") && text.output.contains("Mr. Okafor 10"))
    let json = try ambtrain("check", call.path, "--format", "json").output
    let report = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(
      Set(report.keys) == [
        "format", "program", "encoding", "utterances", "speakers", "first", "last", "non_speech", "skipped", "warnings",
      ])
    #expect(report["format"] as? String == "webvtt" && report["utterances"] as? Int == 21)
  }

  @Test func withoutAnEncoderATranscriptWaitsAndBundlesAreScored() throws {
    try FileManager.default.copyItem(at: call, to: folder["spool/incoming/support-call.vtt"])
    try FileManager.default.copyItem(at: Shipped.samples[0], to: folder["spool/incoming/monday.h5"])
    let outcome = try once(["AMBQ_ENCODER": folder["none"].path])
    #expect(outcome.errors.contains("no config.json in the encoder's folder"))
    #expect(FileManager.default.fileExists(atPath: folder["spool/done/monday.h5"].path))
    #expect(FileManager.default.fileExists(atPath: folder["spool/deferred/support-call.vtt"].path))
  }

  @Test func anEncoderIsTakenInCheckedAndUsed() throws {
    let found = try #require(try? EncoderDirectory.find()).url.path
    let taken = try ambtrain("import", "encoder", found, "--out", folder["mine"].path)
    #expect(taken.status == 0, "\(taken.errors)")
    #expect(taken.output.contains("mine/384: 6 layers, 12 heads, 30,522 pieces"))
    // Its weights are known, whatever the folder is called.
    let scored = try ambtrain(
      "score", "--model", Shipped.model, call.path, "--encoder", folder["mine"].path,
      environment: ["AMBQ_ENCODER": "/nowhere"])
    #expect(scored.status == 0 && scored.lines.count == 22)
    let again = try ambtrain("import", "encoder", found, "--out", folder["mine"].path)
    #expect(again.status == 74 && again.errors.contains("--force"))
    try Data("{}".utf8).write(to: folder["mine/config.json"])
    let bad = try ambtrain("import", "encoder", folder["mine"].path, "--out", folder["other"].path)
    #expect(bad.status == 65 && !FileManager.default.fileExists(atPath: folder["other"].path))
  }

  @Test func aModelThatTunedItsEncoderLabelsWhatIsDropped() throws {
    let talks = folder["talks.csv"]
    var table = "dialogue,speaker,text,emotion\n"
    for row in 0..<48 {
      let isGlad = row * 7 % 3 == 0
      table += "d\(row / 4),\(row % 2 == 0 ? "Ada" : "Ben"),\(isGlad ? "That is wonderful" : "I am furious") \(row),"
      table += "\(isGlad ? "joy" : "anger")\n"
    }
    try Data(table.utf8).write(to: talks)
    let model = folder["tuned"].path
    let trained = try ambtrain(
      "train", "--data", talks.path, "--out", model, "--hidden", "16", "--epochs", "2", "--tune-encoder",
      "--encoder-rank", "2", "--encoder-epochs", "1", environment: encoder)
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(FileManager.default.fileExists(atPath: "\(model)/encoder.safetensors"))
    #expect(!FileManager.default.fileExists(atPath: "\(model)/checkpoint-encoder"))
    try FileManager.default.copyItem(at: call, to: folder["spool/incoming/support-call.vtt"])
    #expect(
      try ambtrain("pack", call.path, "--out", folder["spool/incoming/packed.h5"].path, environment: encoder).status
        == 0)
    let outcome = try ambd("--spool", spool, "--model", model, "--once", environment: encoder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let labels = try ["support-call", "packed"].map {
      LabelRows(try String(contentsOf: folder["spool/labels/\($0).tsv"], encoding: .utf8)).withoutStability
    }
    // The packed words are read by the same encoder.
    #expect(labels[0] == labels[1])
    // A bundle without words is another extractor's.
    let other = try ambtrain("score", "--model", model, Shipped.samples[0].path, environment: encoder)
    #expect(other.status == 65 && other.errors.contains("another extractor than the model's"))
  }
}
