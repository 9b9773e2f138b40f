import DialogueDomain
import EvaluationStatistics
import Foundation
import TestFolders
import Testing

@testable import AMBDSGDN

@Suite struct ModelDirectoryTests {
  private let temporary: TemporaryFolder
  private var folder: URL { temporary.url }
  private let configuration = ModelConfiguration(
    name: "small", emotions: EmotionSet(["calm", "anger"]),
    modalities: [
      .text: ModalityConfiguration(width: 3, extractor: "words/3", noiseDeviation: 1.5),
      .audio: ModalityConfiguration(width: 2),
    ], hidden: 8, encoderHeads: 2, window: 3, speakers: 2, speakerSlots: ["M": 0, "F": 1],
    training: .object(["epochs": .integer(3)]), others: ["notes": .string("kept")])

  init() throws {
    temporary = try TemporaryFolder()
    try Model.write(
      configuration: configuration, members: [ParameterSet(configuration, seed: 5)],
      standardisation: [.text: Standardisation(mean: [1, 2, 3], deviation: [0.5, 1, 2])], card: "# small\n", to: folder)
  }

  @Test func aModelForWordsTakesWhatItsOwnEncoderHasRead() throws {
    #expect(try ModelFolder(directory: folder).words == nil)
    var words = configuration
    words.modalities[.text]?.extractor = "words+1234/3"
    try Model.write(
      configuration: words, members: [ParameterSet(words, seed: 6)], standardisation: [:], card: "",
      to: folder.appendingPathComponent("words"))
    let models = try ModelFolder(directory: folder)
    let own = try #require(models.words)
    func chosen(_ extractor: String?) -> String {
      models.model(
        for: FeatureBundle(
          extractors: extractor.map { [.text: $0] } ?? [:], dialogues: [], utterances: [], features: [:])
      ).digest
    }
    #expect(chosen("words+1234/3") == own.digest && own.digest != models.features.digest)
    #expect(chosen("words/3") == models.features.digest && chosen(nil) == models.features.digest)
    #expect(models.model(digest: own.digest)?.configuration == own.configuration && models.model(digest: "") == nil)
    // A model for words that is damaged is no reason to score words with the other.
    try FileManager.default.removeItem(at: folder.appendingPathComponent("words/model.safetensors"))
    #expect(throws: ModelError.self) { try ModelFolder(directory: folder) }
  }

  @Test func aConfigurationOfManyMegabytesIsRefusedUnread() throws {
    let url = folder.appendingPathComponent("config.json")
    // A hole: nothing of it is read.
    #expect(truncate(url.path, 4 << 30) == 0)
    let error = try #require(throws: ModelError.self) { try Model(directory: folder) }
    #expect(error.explanation.found == "4294967296 bytes")
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

  @Test func aSetIsReadBackAndScoresAsTheMeanOfItsMembers() throws {
    var set = configuration
    set.members = 3
    set.doubt = DoubtRule(
      risk: 0.25, leastConfidence: 0.5, coverage: 0.9, leastProbabilities: [0.25, 0.75], classRows: [60, 70])
    let members = (1...3).map { ParameterSet(set, seed: $0) }
    try Model.write(configuration: set, members: members, standardisation: [:], card: "", to: folder)
    let model = try Model(directory: folder)
    #expect(model.configuration == set && model.members.count == 3)
    let bundle = FeatureBundle(
      dialogues: [Dialogue(id: "d", rows: 0..<4)],
      utterances: (0..<4).map { Utterance(id: "\($0)", speaker: $0 % 2 == 0 ? "M" : "F") },
      features: [
        .text: FeatureTable(width: 3, values: (0..<12).map { Float($0) / 4 }, missing: [false, false, true, false]),
        .audio: FeatureTable(
          width: 2, values: (0..<8).map { Float($0 % 3) }, missing: [Bool](repeating: false, count: 4)),
      ])
    let logits = try BranchInference(model, threads: 2).logits(bundle)
    let alone = try members.map { try BranchInference(Model(set, members: [$0])).logits(bundle) }
    for row in 0..<4 {
      for modality in [Modality.text, .audio] {
        guard let found = logits(modality, row: row) else {
          #expect(modality == .text && row == 2)
          continue
        }
        let mean = (0..<2).map { place in
          alone.compactMap { $0(modality, row: row).map { $0[$0.startIndex + place] } }.reduce(0, +) / 3
        }
        for (found, mean) in zip(found, mean) { #expect(abs(found - mean) <= 1e-6 * max(1, abs(mean))) }
      }
    }
    let cube = try NoisyInference(model, levels: [0, 0.5], seeds: [1]).cube(bundle, digest: "d")
    for row in 0..<4 { #expect(cube.clean.fused(row: row) == logits.fused(row: row)) }
    let scored = try BundleScorer(model).score(bundle).utterances
    #expect(scored.allSatisfy { $0.isUncertain == ($0.confidence < 0.5) && $0.labelSet?.isEmpty == false })
  }

  @Test(arguments: [
    ("\"risk\" : 0.25", "\"risk\" : 2"), ("\"coverage\" : 0.9", "\"coverage\" : \"much\""),
    ("[\n      60,", "[\n      1, 60,"),
  ])
  func aRuleOfDoubtThatIsNoneIsRefused(text: String, replacement: String) throws {
    var doubtful = configuration
    doubtful.doubt = DoubtRule(
      risk: 0.25, leastConfidence: nil, coverage: 0.9, leastProbabilities: [0.25, 0.75], classRows: [60, 70])
    try Model.write(
      configuration: doubtful, members: [ParameterSet(configuration, seed: 5)], standardisation: [:], card: "",
      to: folder)
    #expect(try Model(directory: folder).configuration.doubt == doubtful.doubt)
    try editConfiguration(text, replacement)
    #expect(message().contains("doubt"))
    #expect(message().contains("expected an object with risk and coverage from 0 to 1"))
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

  @Test func aFolderOfModelsNamesThem() throws {
    let folder = try TemporaryFolder()
    func remedy() throws -> String? {
      try #require(throws: ModelError.self) { try Model(directory: folder.url) }.explanation.remedy
    }
    for seed in 1...2 { try folder.write("{}", to: "seed-\(seed)/config.json") }
    #expect(try remedy() == "Name one of the models in it: seed-1, seed-2.")
    for seed in 3...7 { try folder.write("{}", to: "seed-\(seed)/config.json") }
    #expect(try remedy() == "Name one of the models in it: seed-1, seed-2, seed-3, seed-4, seed-5 and 2 more.")
  }
}
