import DialogueBundles
import DialogueDomain
import Foundation
import Testing

/// One labelled night, asked for in every way that there is: one set of numbers.
@Suite struct OneTruthTests {
  private let folder: TestFolder
  private var spool: String { folder["spool"].path }

  /// A sample whose labels are spelt otherwise than the model's classes, one of them unknown to it, and whose first rows
  /// lack every modality.
  init() throws {
    folder = try TestFolder()
    try FileManager.default.createDirectory(at: folder["spool/incoming"], withIntermediateDirectories: true)
    var bundle = try BundleReader().read(Shipped.samples[0]).bundle
    let names = try #require(bundle.emotions).names
    bundle.emotions = EmotionSet(names.map { $0 == "joy" ? "happy" : $0 == "surprise" ? "awe" : " \($0.uppercased())" })
    for (modality, table) in bundle.features {
      var gappy = table
      for row in 0..<5 { gappy.missing[row] = true }
      for index in 0..<(5 * table.width) { gappy.values[index] = 0 }
      bundle.features[modality] = gappy
    }
    try BundleWriter().write(bundle, to: folder["spool/incoming/night.h5"])
    let outcome = try BuiltProgram("ambd")("--spool", spool, "--model", Shipped.model, "--once")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  /// What a command says of agreement with the truth.
  private struct Figures: Equatable {
    var utterances: Int
    var accuracy: Double
    var weightedF1: Double
    var unjudged: Int
    var otherEmotions: [String: Int]

    init(_ object: Any?) throws {
      let figures = try #require(object as? [String: Any])
      utterances = try #require(figures["utterances"] as? Int)
      accuracy = try #require(figures["accuracy"] as? Double)
      weightedF1 = try #require(figures["weighted_f1"] as? Double)
      unjudged = try #require(figures["unjudged"] as? Int)
      otherEmotions = try #require(figures["other_emotions"] as? [String: Int])
    }
  }

  private func object(_ program: String, _ arguments: String...) throws -> [String: Any] {
    let outcome = try BuiltProgram(program)(arguments)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  private func reportFigures(_ more: [String] = []) throws -> Figures {
    let outcome = try BuiltProgram("ambq")(
      ["report", "--spool", spool, "--since", "-1h", "--until", "now", "--format", "json"] + more)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    return try Figures(try #require(report["models"] as? [[String: Any]]).first?["quality"])
  }

  @Test func everyCommandGivesTheSameFigures() throws {
    let bundle = folder["spool/done/night.h5"].path
    let evaluation = try Figures(
      object("ambtrain", "evaluate", "--model", Shipped.model, "--data", bundle, "--format", "json"))
    #expect(evaluation.unjudged == 5)
    #expect(Set(evaluation.otherEmotions.keys) == ["happy", "awe"] && evaluation.utterances > 60)
    #expect(evaluation.utterances + evaluation.unjudged + evaluation.otherEmotions.values.reduce(0, +) == 128)
    #expect(try Figures(object("ambq", "stats", "--spool", spool, "--format", "json")["agreement"]) == evaluation)
    let checked = try object("ambtrain", "check", "--model", Shipped.model, bundle, "--format", "json")
    #expect(try Figures((checked["model"] as? [String: Any])?["evaluation"]) == evaluation)
    #expect(try reportFigures() == evaluation)

    let mapped = try Figures(
      object(
        "ambtrain", "evaluate", "--model", Shipped.model, "--data", bundle, "--map", "happy=joy", "--format", "json"))
    #expect(Set(mapped.otherEmotions.keys) == ["awe"] && mapped.utterances > evaluation.utterances)
    #expect(
      try Figures(object("ambq", "stats", "--spool", spool, "--map", "happy=joy", "--format", "json")["agreement"])
        == mapped)
    #expect(try reportFigures(["--map", "happy=joy"]) == mapped)
  }

  @Test func theDaemonsWarningKnowsTheAliases() throws {
    try FileManager.default.createDirectory(at: folder["other/incoming"], withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: folder["spool/done/night.h5"], to: folder["other/incoming/night.h5"])
    let outcome = try BuiltProgram("ambd")(
      "--spool", folder["other"].path, "--model", Shipped.model, "--once",
      environment: ["AMBD_LABELS_ALIASES": "happy=joy"])
    #expect(outcome.errors.contains("The model does not know the true emotions awe: no figure counts them."))
  }

  @Test func theWordsAreTheSame() throws {
    let stats = try BuiltProgram("ambq")("stats", "--spool", spool, environment: ["COLUMNS": "200"]).output
    let apart = try #require(stats.split(separator: "\n").first { $0.hasPrefix("not counted: ") })
    #expect(
      apart.contains("of emotions that the model does not know (") && apart.hasSuffix("5 that lack every modality"))
    let report = try BuiltProgram("ambq")("report", "--spool", spool, "--since", "-1h", "--until", "now").output
    #expect(report.split(separator: "\n").joined(separator: " ").contains(apart.prefix(40)))
    let evaluation = try BuiltProgram("ambtrain")(
      "evaluate", "--model", Shipped.model, "--data", folder["spool/done/night.h5"].path
    ).output
    #expect(evaluation.contains(apart))
    let check = try BuiltProgram("ambtrain")(
      "check", "--model", Shipped.model, folder["spool/done/night.h5"].path
    ).output
    #expect(check.contains("labels agree with the truth; \(apart)"))
    let show = try BuiltProgram("ambq")("show", "--spool", spool, "*", environment: ["COLUMNS": "200"]).output
    #expect(show.contains("labels agree with the truth") && show.contains("5 that lack every modality"))
  }
}
