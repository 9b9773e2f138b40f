import AMBDSGDN
import DialogueDomain
import FeatureImport
import Foundation
import Testing

@Suite struct AmbtrainImportTests {
  private let ambtrain = BuiltProgram("ambtrain")
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("FeatureImportTests/Fixtures")

  @Test func aTableAndArraysArePackedTrainedOnAndScored() throws {
    let folder = try TestFolder()
    var table = "dialogue,speaker,start,end,emotion\n"
    for row in 0..<12 {
      table += "talk-\(row / 3),\(["Ann", "Bob"][row % 2]),\(row),\(row + 1),\(["joy", "fear"][row % 2])\n"
    }
    try Data(table.utf8).write(to: folder["talk.csv"])
    let text: [Float] = (0..<36).map { place in Float(place / 3 % 2) + Float(place * 5 % 7) / 7 }
    try Data(NumpyFile.bytes(of: text, shape: [12, 3])).write(to: folder["text.npy"])
    let audio: [Float] = (0..<24).map { place in place < 2 ? .nan : Float(place * 3 % 5) }
    try Data(NumpyFile.bytes(of: audio, shape: [12, 2])).write(to: folder["audio.npy"])
    let bundle = folder["talk.h5"].path
    let packed = try ambtrain(
      "pack", folder["talk.csv"].path, "--text", folder["text.npy"].path, "--audio", folder["audio.npy"].path,
      "--text-extractor", "mine/3", "--emotions", "fear,joy", "--dataset", "talks", "--out", bundle)
    #expect(packed.status == 0, "\(packed.errors)")
    #expect(packed.output == "wrote \(bundle): 4 dialogues, 12 utterances\n")

    let checked = try ambtrain("check", bundle)
    #expect(checked.status == 0)
    #expect(checked.output.contains("text        3 columns, extractor mine/3"))
    #expect(checked.output.contains("audio       2 columns, 1 row missing"))
    #expect(checked.output.contains("labels      fear 6, joy 6"))
    let trained = try ambtrain(
      "train", "--data", bundle, "--out", folder["model"].path, "--hidden", "16", "--epochs", "1")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(try ambtrain("score", "--model", folder["model"].path, bundle).lines.count == 13)

    let again = try ambtrain(
      "pack", folder["talk.csv"].path, "--text", folder["text.npy"].path, "--out", bundle)
    #expect(again.status == 74)
    #expect(again.errors.contains("File exists. Name another file, or replace it with --force."))
    let replaced = try ambtrain(
      "pack", folder["talk.csv"].path, "--text", folder["text.npy"].path, "--out", bundle, "--force")
    #expect(replaced.status == 0, "\(replaced.errors)")

    let short = try ambtrain(
      "pack", folder["talk.csv"].path, "--text", folder["talk.csv"].path, "--out", folder["short.h5"].path)
    #expect(short.status == 65)
    #expect(try ambtrain("pack", folder["talk.csv"].path, "--out", folder["short.h5"].path).status == 65)
  }

  @Test func aFeaturePickleBecomesTwoBundles() throws {
    let folder = try TestFolder()
    let pickle = Self.fixtures.appendingPathComponent("iemocap_multimodal.pkl").path
    let outcome = try ambtrain(
      "import", "features", pickle, "--out", folder["bundles"].path, "--text-extractor", "roberta-large/4")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("laid out as iemocap_multimodal_features (IEMOCAP)."))
    let checked = try ambtrain("check", folder["bundles/train.h5"].path, folder["bundles/test.h5"].path)
    #expect(checked.status == 0)
    #expect(checked.output.contains("text        4 columns, extractor roberta-large/4"))
    #expect(checked.output.contains("audio       3 columns, extractor iemocap_multimodal_features/audio/3"))
  }

  @Test func aHostilePickleIsRefusedAndNotRun() throws {
    let folder = try TestFolder()
    try Data("cos\nsystem\n(S\"touch \(folder["ran"].path)\"\ntR.".utf8).write(to: folder["hostile.pkl"])
    let outcome = try ambtrain("import", "features", folder["hostile.pkl"].path, "--out", folder["bundles"].path)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("hostile.pkl: byte 0, GLOBAL: the pickle asks for os.system"))
    #expect(!FileManager.default.fileExists(atPath: folder["ran"].path))
    #expect(!FileManager.default.fileExists(atPath: folder["bundles"].path))
  }

  @Test func aStateDictionaryBecomesAModel() throws {
    let folder = try TestFolder()
    let configuration = ModelConfiguration(
      name: "published", emotions: EmotionSet(["joy", "fear"]),
      modalities: [.text: ModalityConfiguration(width: 3), .audio: ModalityConfiguration(width: 2)], hidden: 16,
      window: 2, speakers: 2)
    try configuration.json().write(to: folder["config.json"])
    let published = ParameterSet(configuration, seed: 3).tensors
    // What PyTorch files hold besides: position tables, and heads that a module list registered again.
    var tensors = published
    tensors.append(NamedTensor(name: "a_a.pos_emb.pe", shape: [1, 2], values: [0, 1]))
    for tensor in published where tensor.name.hasPrefix("gatT.attention_") {
      let twin = tensor.name.replacingOccurrences(of: "attention_", with: "attentions.")
      tensors.append(NamedTensor(name: twin, shape: tensor.shape, values: tensor.values))
    }
    func imported(_ tensors: [NamedTensor]) throws -> BuiltProgram.Outcome {
      try SafetensorsWriter.write(tensors, to: folder["state.safetensors"])
      return try ambtrain(
        "import", "model", folder["state.safetensors"].path, "--config", folder["config.json"].path, "--out",
        folder["model"].path)
    }
    #expect(try imported(tensors).status == 0)
    let model = try Model(directory: folder["model"])
    #expect(model.configuration.name == "published")

    let incomplete = try imported(Array(published.dropLast()))
    #expect(incomplete.status == 65)
    #expect(
      incomplete.errors.contains("state.safetensors: \(published.last?.name ?? ""): a tensor that config.json calls"))
    let further = try imported(
      published + [NamedTensor(name: "t_output_layer.2.wait", shape: [1], values: [0])])
    #expect(further.status == 65)
    #expect(further.errors.contains("t_output_layer.2.wait: a tensor that config.json does not call for"))
    let torch = try ambtrain(
      "import", "model", Self.fixtures.appendingPathComponent("state.pt").path, "--config",
      folder["config.json"].path, "--out", folder["model"].path)
    #expect(torch.status == 65)
    #expect(torch.errors.contains("state.pt: "))
  }
}
