import AMBDSGDN
import DialogueBundles
import DialogueDomain
import FeatureImport
import Foundation
import Testing

@Suite struct AmbtrainTrainingTests {
  private let ambtrain = BuiltProgram("ambtrain")
  private static let small = ["--hidden", "16", "--epochs", "2", "--batch", "3", "--name", "small"]

  private func train(_ arguments: [String]) throws -> BuiltProgram.Outcome {
    try ambtrain(["train"] + arguments)
  }

  @Test func aTrainedModelScoresAndIsEvaluated() throws {
    let folder = try TestFolder()
    let (data, model) = (try LabelledBundle().write(to: folder["talk.h5"]), folder["model"].path)
    let unseen = try LabelledBundle(shift: 0.125).write(to: folder["unseen.h5"])
    let trained = try train(["--data", data, "--out", model, "--test", unseen] + Self.small)
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("epoch 2/2  loss"))
    #expect(trained.output.contains("On the test data:"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: model).sorted() == [
        "MODEL_CARD.md", "config.json", "curves.html", "metrics.jsonl", "model.safetensors",
      ])
    let card = try String(contentsOf: folder["model/MODEL_CARD.md"], encoding: .utf8)
    #expect(card.contains("Command: `ambtrain train --data \(data) --out \(model)"))
    #expect(card.contains("| test | unnamed | 8 | 28 | `"))
    // A tenth of eight dialogues chose the epoch.
    #expect(card.contains("None: T = 1, since too few labelled utterances were held out."))

    let scored = try ambtrain("score", "--model", model, data)
    #expect(scored.status == 0)
    #expect(scored.lines.count == 1 + LabelledBundle().utterances)

    let picture = folder["confusion.svg"].path
    let evaluated = try ambtrain("evaluate", "--model", model, "--data", data, "--format", "json", "--picture", picture)
    #expect(evaluated.status == 0)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    #expect(
      Set(json.keys).isSuperset(of: ["accuracy", "weighted_f1", "macro_f1", "per_class", "confusion", "ece", "brier"]))
    let counts = try #require(json["confusion"] as? [[Int]])
    #expect(counts.joined().reduce(0, +) == LabelledBundle().utterances)
    #expect(try String(contentsOfFile: picture, encoding: .utf8).hasPrefix("<svg"))
    #expect(try ambtrain("evaluate", "--model", model, "--data", data).output.contains("Confusion, truth in rows:"))

    let probed = try ambtrain("evaluate", "--model", model, "--data", data, "--probes", "--format", "json")
    let both = try #require(try JSONSerialization.jsonObject(with: Data(probed.output.utf8)) as? [String: Any])
    #expect(both["accuracy"] as? Double == json["accuracy"] as? Double)
    let probes = try #require(both["probes"] as? [String: Any])
    #expect(probes["utterances"] as? Int == LabelledBundle().utterances)
    let curves = try #require((probes["noise"] as? [String: Any])?["curves"] as? [[String: Any]])
    #expect(curves.first?["noise_on"] as? String == "all")
    #expect((curves.first?["weighted_f1"] as? [Double])?.first == json["weighted_f1"] as? Double)
  }

  @Test func theSameSeedGivesTheSameBytesWhateverTheThreads() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    for (name, threads) in [("one", "1"), ("two", "2")] {
      let outcome = try train(["--data", data, "--out", folder[name].path, "--threads", threads] + Self.small)
      #expect(outcome.status == 0)
    }
    let other = try train(["--data", data, "--out", folder["other"].path, "--seed", "2"] + Self.small)
    #expect(other.status == 0)
    for file in ["model.safetensors", "config.json", "metrics.jsonl"] {
      let bytes = try Data(contentsOf: folder["one/\(file)"])
      #expect(try Data(contentsOf: folder["two/\(file)"]) == bytes)
      #expect(try Data(contentsOf: folder["other/\(file)"]) != bytes)
    }
  }

  @Test func anInterruptedTrainingGoesOnToTheSameBytes() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let recipe = ["--data", data, "--name", "long", "--hidden", "16", "--epochs", "30", "--batch", "2"]
    let interrupted = ["--out", folder["interrupted"].path] + recipe
    let process = try ambtrain.start(["train"] + interrupted, log: folder["log"])
    func isUnderWay() -> Bool {
      (try? String(contentsOf: folder["log"], encoding: .utf8))?.contains("epoch 2/30") == true
    }
    for _ in 0..<10_000 where !isUnderWay() { usleep(2000) }
    process.send(SIGINT)
    #expect(process.wait() == 130)
    let log = try String(contentsOf: folder["log"], encoding: .utf8)
    #expect(log.contains("Stopped; the checkpoint after epoch"))
    #expect(log.contains("--batch 2 --resume"))

    let again = try train(interrupted)
    #expect(again.status == 64)
    #expect(again.errors.contains("there is a checkpoint of an earlier training"))

    let resumed = try train(interrupted + ["--resume"])
    #expect(resumed.status == 0)
    #expect(resumed.errors.contains("training: resumed after epoch"))
    #expect(try train(["--out", folder["whole"].path] + recipe).status == 0)
    for file in ["model.safetensors", "config.json"] {
      #expect(
        try Data(contentsOf: folder["interrupted/\(file)"]) == Data(contentsOf: folder["whole/\(file)"]))
    }
    #expect(!FileManager.default.fileExists(atPath: folder["interrupted/checkpoint"].path))
    #expect(try train(["--out", folder["whole"].path, "--resume"] + recipe).status == 66)
  }

  @Test func severalSeedsAreSummarised() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let outcome = try train(
      ["--data", data, "--out", folder["models"].path, "--seed", "4", "--seeds", "2"] + Self.small)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("validation weighted F1: mean"))
    #expect(outcome.output.contains("95 % interval"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder["models"].path).sorted() == ["seed-4", "seed-5"])
    #expect(try ambtrain("score", "--model", folder["models/seed-5"].path, data).status == 0)
  }

  @Test(arguments: ["7-8", "7...8", "7…8"]) func seedsAreGivenAsARange(range: String) throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let outcome = try train(["--data", data, "--out", folder["models"].path, "--seeds", range] + Self.small)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines.filter { $0.hasPrefix("seed ") }.map { $0.prefix(6) } == ["seed 7", "seed 8"])
  }

  @Test(arguments: ["0", "8-7", "1-", "-3", "1:3", "1-5000", "many"]) func seedsThatAreNoneAreRefused(seeds: String)
    throws
  {
    let outcome = try train(["--data", "talk.h5", "--out", "models", "--seeds=\(seeds)"])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--seeds"))
  }

  @Test func testDataThatWasTrainedOnIsRefused() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let outcome = try train(["--data", data, "--test", data, "--out", folder["model"].path] + Self.small)
    #expect(outcome.status == 65 && outcome.errors.contains("the test data holds dialogues of the training data"))
    #expect(!FileManager.default.fileExists(atPath: folder["model"].path))
  }

  @Test(arguments: [
    ("--validation talk.h5 --validation-share 0.2", "leave --validation-share and --split-by out"),
    ("--validation talk.h5 --split-by speaker", "leave --validation-share and --split-by out"),
    ("--folds 2 --validation-share 0.2", "leave --validation-share and --keep best out"),
    ("--folds 2 --keep best", "leave --validation-share and --keep best out"),
    ("--encoder-rank 8", "Add --tune-encoder"), ("--context-turns 3", "Add --tune-encoder"),
    ("--tune-encoder --encoder-tuning none", "Add --tune-encoder"),
  ])
  func optionsThatWouldDoNothingAreRefused(options: String, message: String) throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let given = options.replacing("talk.h5", with: data).split(separator: " ").map(String.init)
    let outcome = try train(["--data", data, "--out", folder["model"].path] + given)
    #expect(outcome.status == 64 && outcome.errors.contains(message))
    #expect(!FileManager.default.fileExists(atPath: folder["model"].path))
  }

  @Test func selectingOnTestIsSaid() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let refused = try train(["--data", data, "--out", folder["model"].path, "--select-on-test"] + Self.small)
    #expect(refused.status == 64)
    #expect(refused.errors.contains("the epoch is to be chosen on the test data, and there is none. Add --test."))
    let unseen = try LabelledBundle(shift: 0.125).write(to: folder["unseen.h5"])
    let outcome = try train(
      ["--data", data, "--test", unseen, "--out", folder["model"].path, "--select-on-test"] + Self.small)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("the figures are optimistic"))
    let card = try String(contentsOf: folder["model/MODEL_CARD.md"], encoding: .utf8)
    #expect(card.contains("The epoch was chosen on the test data, as the paper does"))
  }

  @Test func dialoguesOfOneNameInTwoFilesAreJoined() throws {
    let folder = try TestFolder()
    let first = try LabelledBundle().write(to: folder["first.h5"])
    let second = try LabelledBundle(shift: 0.5).write(to: folder["second.h5"])
    let outcome = try train(["--data", first, second, "--out", folder["model"].path] + Self.small)
    #expect(outcome.status == 0)
    let card = try String(contentsOf: folder["model/MODEL_CARD.md"], encoding: .utf8)
    // 16 dialogues, a tenth of them held out.
    #expect(card.contains("| training | unnamed | 14 |"))
    #expect(card.contains("| validation | unnamed | 2 |"))
  }

  @Test func dataThatCannotBeTrainedOnIsRefused() throws {
    let folder = try TestFolder()
    let good = try LabelledBundle().write(to: folder["good.h5"])
    let wide = try LabelledBundle(width: 5).write(to: folder["wide.h5"])
    let lacking = try LabelledBundle(classes: ["joy", "anger", "fear"]).write(to: folder["lacking.h5"])
    let out = ["--out", folder["model"].path] + Self.small

    let widths = try train(["--data", good, wide] + out)
    #expect(widths.status == 65)
    #expect(
      widths.errors.contains(
        "wide.h5: the width of /text is not that of the other bundles; found 5 columns; expected 4 as in \(good)"))
    let classes = try train(["--data", lacking] + out)
    #expect(classes.status == 65)
    #expect(classes.errors.contains("no utterance of the training data has the label fear"))
    let absent = try train(["--data", folder["absent.h5"].path] + out)
    #expect(absent.status == 66)
    #expect(!FileManager.default.fileExists(atPath: folder["model"].path))
  }

  @Test func recipesAreReadFromFilesAndChecked() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let file = folder["recipe.toml"]
    func trained(_ toml: String, _ arguments: [String] = []) throws -> BuiltProgram.Outcome {
      try Data(toml.utf8).write(to: file)
      return try train(["--data", data, "--out", folder["model"].path, "--config", file.path] + arguments)
    }
    let unknown = try trained("hiden = 16\n")
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("recipe.toml:1: unknown key \"hiden\". Did you mean \"hidden\"?"))
    let value = try trained("epochs = \"many\"\n")
    #expect(value.status == 64)
    #expect(
      value.errors.contains(
        "recipe.toml:1: wrong value for epochs; found the text \"many\"; expected a whole number from 1"))
    let syntax = try trained("hidden = \n")
    #expect(syntax.status == 64)
    #expect(syntax.errors.contains("recipe.toml:1:10: not valid TOML"))

    // The command line goes before the file.
    let good = try trained(
      "hidden = 16\nepochs = 5\nclass_weights = [1, 2.5]\nmodalities = [\"text\"]\nbalancing = false\n",
      ["--epochs", "1"])
    #expect(good.status == 0, "\(good.errors)")
    let card = try String(contentsOf: folder["model/MODEL_CARD.md"], encoding: .utf8)
    for row in ["| epochs | 1 |", "| hidden | 16 |", "| class_weights | [1.0, 2.5] |", "| modalities | [\"text\"] |"] {
      #expect(card.contains(row))
    }
  }

  @Test func aBundleNamedTwiceIsRefused() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let outcome = try train(["--data", data, data, "--out", folder["model"].path] + Self.small)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("talk.h5: the bundle is named twice"))
  }

  @Test func aFolderThatCannotBeWrittenIsAnError() throws {
    let folder = try TestFolder()
    let data = try LabelledBundle().write(to: folder["talk.h5"])
    let outcome = try train(["--data", data, "--out", data + "/model"] + Self.small)
    #expect(outcome.status == 74)
    #expect(outcome.errors.contains("talk.h5/model/checkpoint: creating the folder failed: Not a directory"))
  }
}

/// A handful of labelled dialogues whose text features tell the label.
struct LabelledBundle {
  var width = 4
  var classes = ["joy", "anger"]
  var shift: Float = 0
  private let lengths = [3, 5, 1, 4, 2, 6, 3, 4]

  init(width: Int = 4, classes: [String] = ["joy", "anger"], shift: Float = 0) {
    self.width = width
    self.classes = classes
    self.shift = shift
  }

  var utterances: Int { lengths.reduce(0, +) }

  /// - Returns: the file's path.
  func write(to url: URL) throws -> String {
    var bundle = FeatureBundle(
      extractors: [.text: "test/\(width)"], emotions: EmotionSet(classes), dialogues: [], utterances: [], features: [:])
    for (index, length) in lengths.enumerated() {
      let first = bundle.utterances.count
      bundle.dialogues.append(Dialogue(id: "dialogue-\(index)", rows: first..<first + length))
      bundle.utterances += (0..<length).map {
        Utterance(id: "\($0)", speaker: $0 % 2 == 0 ? "Ann" : "Bob", label: (first + $0) % 2)
      }
    }
    bundle.features = [.text: table(width), .audio: table(2)]
    try BundleWriter().write(bundle, to: url)
    return url.path
  }

  private func table(_ width: Int) -> FeatureTable {
    let values = (0..<utterances * width).map { place in
      Float(place / width % 2) + Float(place * 7 % 11) / 11 + shift
    }
    return FeatureTable(width: width, values: values, missing: [Bool](repeating: false, count: utterances))
  }
}
