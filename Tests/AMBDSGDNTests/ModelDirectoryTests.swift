import DialogueDomain
import Foundation
import Testing

@testable import AMBDSGDN

@Suite struct ModelDirectoryTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID().uuidString)")
  private let configuration = ModelConfiguration(
    name: "small", emotions: EmotionSet(["calm", "anger"]),
    modalities: [
      .text: ModalityConfiguration(width: 3, extractor: "words/3", noiseDeviation: 1.5),
      .audio: ModalityConfiguration(width: 2),
    ], hidden: 8, encoderHeads: 2, window: 3, speakers: 2, speakerSlots: ["M": 0, "F": 1],
    training: .object(["epochs": .integer(3)]), others: ["notes": .string("kept")])

  init() throws {
    try Model.write(
      configuration: configuration, parameters: ParameterSet(configuration, seed: 5),
      standardisation: [.text: Standardisation(mean: [1, 2, 3], deviation: [0.5, 1, 2])], card: "# small\n", to: folder)
  }

  private func message() -> String {
    do {
      _ = try Model(directory: folder)
      return "read without complaint"
    } catch {
      return "\(error)"
    }
  }

  private func editConfiguration(_ text: String, _ replacement: String) throws {
    let url = folder.appendingPathComponent("config.json")
    let json = try String(contentsOf: url, encoding: .utf8)
    #expect(json.contains(text))
    try json.replacing(text, with: replacement).write(to: url, atomically: true, encoding: .utf8)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let model = try Model(directory: folder)
    #expect(model.configuration == configuration)
    #expect(model.standardisation[.text]?.deviation.values == [0.5, 1, 2])
    #expect(model.standardisation[.audio] == nil)
    let expected = ParameterSet(configuration, seed: 5)
    for layout in expected.layouts {
      let isEqual = model.network.parameters[layout.name].value.values == expected[layout.name].value.values
      #expect(isEqual, "\(layout.name)")
    }
    #expect(model.digest.count == 64)
  }

  @Test func theDigestFollowsWeightsAndConfiguration() throws {
    let before = try Model(directory: folder).digest
    try editConfiguration("\"window\" : 3", "\"window\" : 4")
    #expect(try Model(directory: folder).digest != before)
  }

  @Test func theShippedModelLoads() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let model = try Model(directory: root.appendingPathComponent("etc/models/meld-minilm"))
    #expect(model.configuration.emotions.names.last == "anger")
    #expect(model.configuration.modalityOrder == [.text, .audio])
  }

  @Test func mismatchesAreNamedBeforeAnythingIsScored() throws {
    try editConfiguration("\"hidden\" : 8", "\"hidden\" : 16")
    #expect(message().contains("shape is not what config.json calls for"))
  }

  @Test(arguments: [
    ("\"version\" : 1", "\"version\" : 2", "the configuration's version cannot be used; found 2; expected 1"),
    ("\"calm\"", "\"anger\"", "emotions cannot be used"),
    ("\"hidden\" : 8", "\"hidden\" : 6", "expected a multiple of twice encoder_heads (4)"),
    ("\"window\" : 3", "\"window\" : -3", "window cannot be used; found -3"),
    ("\"text\" : {", "\"smell\" : {", "modalities cannot be used; found smell"),
    ("\"speakers\" : 2", "\"speakers\" : 1", "speaker_slots cannot be used"),
    ("{", "[", "not a JSON object"),
  ]) func configurationErrorsAreNamed(text: String, replacement: String, expected: String) throws {
    try editConfiguration(text, replacement)
    #expect(message().contains(expected), "\(message())")
  }

  @Test func tensorsThatDoNotBelongAreNamed() throws {
    let url = folder.appendingPathComponent("model.safetensors")
    var tensors = ParameterSet(configuration, seed: 5).tensors
    let removed = tensors.removeFirst()
    try SafetensorsWriter.write(tensors, to: url)
    #expect(message().contains("\(removed.name): a tensor that config.json calls for is missing"))
    tensors.append(removed)
    tensors.append(NamedTensor(name: "gatTers.fc.bias", shape: [1], values: [0]))
    try SafetensorsWriter.write(tensors, to: url)
    #expect(
      message().contains(
        "gatTers.fc.bias: a tensor that config.json does not call for; expected perhaps gatTer.fc.bias"))
    tensors.removeLast()
    var values = removed.values
    values[3] = .nan
    tensors[tensors.count - 1] = NamedTensor(name: removed.name, shape: removed.shape, values: values)
    try SafetensorsWriter.write(tensors, to: url)
    #expect(message().contains("\(removed.name) element 3: a weight is not a finite number"))
  }

  @Test func aMissingFileIsNamed() throws {
    try FileManager.default.removeItem(at: folder.appendingPathComponent("model.safetensors"))
    #expect(message().contains("no model.safetensors in the model directory"))
  }

  @Test func aTruncatedFileIsRefused() throws {
    let url = folder.appendingPathComponent("model.safetensors")
    let whole = try Data(contentsOf: url)
    for count in [0, 7, 100, whole.count / 2, whole.count - 1] {
      try whole.prefix(count).write(to: url)
      #expect(message() != "read without complaint", "\(count) of \(whole.count) bytes")
    }
  }

  @Test func presetsHaveThePublishedParameterCounts() {
    #expect(Preset.iemocap.configuration.parameterCount == 13_133_234)
    #expect(Preset.meld.configuration.parameterCount == 12_481_973)
  }

  @Test func speakersTakeSlotsByAppearanceUnlessFixed() {
    var configuration = configuration
    #expect(configuration.speakerSlots(of: ["F", "M", "Ann", "F", "Bo"]) == [1, 0, 0, 1, 1])
    configuration.speakerSlots = nil
    configuration.speakers = 3
    #expect(configuration.speakerSlots(of: ["a", "b", "a", "c", "d", "d"]) == [0, 1, 0, 2, 2, 2])
  }
}
